using Emu.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Emu.Studio.Tests;

/// <summary>The page for everybody: narrow screens, dark and light, without a mouse, with a screen reader.</summary>
public sealed class AccessTests(StudioBrowser browser) : StudioTest(browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_EveryView_FindsNothingSerious(ColorScheme scheme)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await OpenAsync();
        await AssertAccessibleAsync("nothing made yet");

        await Page.Locator("#settings-button").ClickAsync();
        await Page.Locator("#fields summary").ClickAsync();
        await Page.Locator("#set-motion").SelectOptionAsync("bounce");
        await Page.Locator("#set-camera").SelectOptionAsync("pan");
        await Page.Locator("#set-seed").FillAsync("seven");
        await MakeAsync("a red fox");
        await Page.Locator("#seed-error").WaitForAsync();
        await AssertAccessibleAsync("settings with an error");

        await Page.Locator("#set-seed").FillAsync("7");
        await MakeAsync("a slow fox");
        await TileOf("a slow fox").Locator("img.still").WaitForAsync();
        await AssertAccessibleAsync("a job at work");
        await TileOf("a slow fox").GetByLabel("Cancel").ClickAsync();
        await TileOf("a slow fox").GetByText("Cancelled", new() { Exact = true }).WaitForAsync();
        await AssertAccessibleAsync("a cancelled job");

        await MakeAsync("a red fox");
        await ViewAsync("a red fox");
        await Viewer.GetByText("Share link").ClickAsync();
        await Viewer.GetByText("Make link").ClickAsync();
        await Viewer.GetByLabel("Link", new() { Exact = true }).WaitForAsync();
        await AssertAccessibleAsync("the viewer");
    }

    [Theory]
    [InlineData(320)]
    [InlineData(360)]
    [InlineData(375)]
    [InlineData(1920)]
    public async Task Width_NoSidewaysScrolling(int width)
    {
        await Page.SetViewportSizeAsync(width, 800);
        await OpenAsync();
        Assert.Equal(0, await SidewaysAsync());
        await Page.Locator("#settings-button").ClickAsync();
        await Page.Locator("#fields summary").ClickAsync();
        await Page.Locator("#set-motion").SelectOptionAsync("spin back");
        Assert.Equal(0, await SidewaysAsync());
        var prompt = $"a fox with a {new string('l', 200)}ong tail";
        await MakeAsync(prompt);
        await CompletedAsync(prompt);
        Assert.Equal(0, await SidewaysAsync());
        await ViewAsync(prompt);
        await Viewer.GetByText("Share link").ClickAsync();
        await Viewer.GetByText("Make link").ClickAsync();
        await Viewer.GetByLabel("Link", new() { Exact = true }).WaitForAsync();
        Assert.Equal(0, await Viewer.EvaluateAsync<int>("viewer => viewer.scrollWidth - viewer.clientWidth"));
    }

    [Fact]
    public async Task Keyboard_Alone_MakesOpensSharesAndDeletes()
    {
        await OpenAsync();
        Assert.Equal("prompt", await FocusedAsync());
        await Page.Keyboard.TypeAsync("a red fox");
        await Page.Keyboard.PressAsync("Enter");
        await CompletedAsync("a red fox");
        await TabToAsync("Open a red fox, clip");
        await Page.Keyboard.PressAsync("Enter");
        await Viewer.Locator("h2").WaitForAsync();
        await TabToAsync("Share link");
        await Page.Keyboard.PressAsync("Space");
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.PressAsync("Enter");
        await Viewer.GetByLabel("Link", new() { Exact = true }).WaitForAsync();
        await Page.Keyboard.PressAsync("Escape");
        await UntilAsync("() => document.activeElement.getAttribute('aria-label') === 'Open a red fox, clip'");
        await Page.Keyboard.PressAsync("Enter");
        await TabToAsync("Delete");
        await Page.Keyboard.PressAsync("Enter");
        await TileOf("a red fox").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task FirstView_IsSmall()
    {
        var sizes = new List<Task<RequestSizesResult>>();
        Page.RequestFinished += (_, request) => sizes.Add(request.SizesAsync());
        await OpenAsync();
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.InRange((await Task.WhenAll(sizes)).Sum(size => size.ResponseBodySize), 20_000, 60_000);
    }

    private async Task TabToAsync(string name)
    {
        for (var step = 0; step < 60; step++)
        {
            if (await FocusedAsync() == name)
            {
                return;
            }

            await Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab never reaches '{name}'.");
    }

    private Task<string> FocusedAsync() => Page.EvaluateAsync<string>("() => document.activeElement.getAttribute('aria-label') ?? (document.activeElement.id || document.activeElement.textContent)");
}
