using Emu.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Emu.Studio.Tests;

/// <summary>The Edit view for everybody: narrow screens, dark and light, without a mouse, with a screen reader.</summary>
public sealed class EditAccessTests(StudioBrowser browser) : EditTest(browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_EveryState_FindsNothingSerious(ColorScheme scheme)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await OpenAsync();
        await ChooseEditAsync();
        await AssertAccessibleAsync("edit chosen");
        await OpenEditAsync();
        await AssertAccessibleAsync("a picture");
        await Page.Locator(".says summary").ClickAsync();
        await Page.Locator(".wordings li").First.WaitForAsync();
        await AssertAccessibleAsync("what can be said");
        await InstructAsync("asdf qwer");
        await InstructionError.WaitForAsync();
        await AssertAccessibleAsync("an error");
        await InstructedAsync("make the background pink", 2);
        await Slider.WaitForAsync();
        await Page.Locator("#edit-mask").ClickAsync();
        await AssertAccessibleAsync("two versions");
        await Page.GetByText("Share link").ClickAsync();
        await Page.GetByText("Make link").ClickAsync();
        await Page.GetByLabel("Link", new() { Exact = true }).WaitForAsync();
        await AssertAccessibleAsync("a link");
        await Page.Locator("#edit-paint").ClickAsync();
        await Page.Locator(".brush").WaitForAsync();
        await AssertAccessibleAsync("the brush");
        await Page.Locator("#background-file").SetInputFilesAsync(new FilePayload { Name = "none.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await AssertAccessibleAsync("a background");
        await Instruction.PressAsync("Enter");
        await Page.Locator("#background-error").WaitForAsync();
        await AssertAccessibleAsync("a background that is refused");
    }

    [Theory]
    [InlineData(320)]
    [InlineData(360)]
    [InlineData(375)]
    [InlineData(1920)]
    public async Task Width_NoSidewaysScrolling(int width)
    {
        await Page.SetViewportSizeAsync(width, 800);
        await OpenEditAsync();
        Assert.Equal(0, await SidewaysAsync());
        await Page.Locator(".says summary").ClickAsync();
        await Page.Locator(".says [data-task=geometry]").ClickAsync();
        Assert.Equal(0, await SidewaysAsync());
        await InstructedAsync("crop it to the left half", 2);
        await Page.Locator(".compare.beside").WaitForAsync();
        Assert.Equal(0, await SidewaysAsync());
        for (var version = 3; version < 8; version++)
        {
            await InstructedAsync("make it a bit brighter", version);
        }

        Assert.Equal(0, await SidewaysAsync());
        await Page.Locator("#edit-paint").ClickAsync();
        Assert.Equal(0, await SidewaysAsync());
        var picture = await FileOfAsync(Squares());
        await Page.Locator("#background-file").SetInputFilesAsync(new FilePayload { Name = $"{new string('l', 200)}.png", MimeType = picture.MimeType, Buffer = picture.Buffer });
        Assert.Equal(0, await SidewaysAsync());
        await InstructAsync($"{new string('q', 200)} qwer");
        await InstructionError.WaitForAsync();
        Assert.Equal(0, await SidewaysAsync());
    }

    [Fact]
    public async Task Keyboard_Alone_MakesComparesAndGoesBack()
    {
        await OpenEditAsync();
        Assert.Equal("instruction", await Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await Page.Keyboard.TypeAsync("make it black and white");
        await Page.Keyboard.PressAsync("Enter");
        await MadeAsync(2);
        await UntilAsync("() => document.querySelector('#announcer').textContent.startsWith('Version 2 is done.')");
        await UntilAsync("() => !document.querySelector('[role=slider]').hidden");
        for (var step = 0; step < 20 && await Page.EvaluateAsync<string>("() => document.activeElement.getAttribute('role')") != "slider"; step++)
        {
            await Page.Keyboard.PressAsync("Shift+Tab");
        }

        await Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("48", await Slider.GetAttributeAsync("aria-valuenow"));
        await Page.Keyboard.PressAsync("Control+z");
        await MadeAsync(1);
    }

    [Fact]
    public async Task View_IsLoadedWhenItIsFirstOpened()
    {
        var files = new List<string>();
        Page.Request += (_, request) => files.Add(new Uri(request.Url).AbsolutePath);
        await OpenAsync();
        Assert.DoesNotContain(files, file => file.StartsWith("/studio/edit-", StringComparison.Ordinal));
        await OpenEditAsync();
        Assert.Contains("/studio/edit-brush.js", files);
        Assert.Contains("/studio/edit.css", files);
    }
}
