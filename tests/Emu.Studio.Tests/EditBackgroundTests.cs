using Emu.Api.Tests.Server;
using Emu.Media.Pictures;
using Emu.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Emu.Studio.Tests;

/// <summary>A second picture, which an instruction puts behind the subject.</summary>
public sealed class EditBackgroundTests(StudioBrowser browser) : EditTest(browser)
{
    private const string Words = "use this picture as the background";
    private static readonly PictureColor Ground = new(10, 200, 210, 255);

    private ILocator Second => Page.Locator(".second");

    private ILocator Error => Page.Locator("#background-error");

    [Fact]
    public async Task Background_Picked_ComesBehindTheSubject()
    {
        await OpenEditAsync();
        await Page.Locator("#background-file").SetInputFilesAsync(await BeachAsync());
        Assert.Equal("beach.png", await Second.Locator("b").TextContentAsync());
        Assert.Equal(Words, await Instruction.InputValueAsync());
        await UntilAsync("() => document.querySelector('.second img').naturalWidth > 0");
        await InstructedAsync(Words, 2);
        await AssertIsBehindAsync(2);
        Assert.True(await Second.IsHiddenAsync());
        Assert.Equal("", await Instruction.InputValueAsync());
    }

    [Fact]
    public async Task Background_Keyboard_IsPickedAndTakenAway()
    {
        var chooser = Page.WaitForFileChooserAsync();
        await OpenEditAsync();
        await Page.Locator("#edit-background").PressAsync("Enter");
        await (await chooser).SetFilesAsync(await BeachAsync());
        await Second.WaitForAsync();
        await Second.GetByLabel("Remove the background picture").FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        Assert.True(await Second.IsHiddenAsync());
        Assert.Equal("", await Instruction.InputValueAsync());
        Assert.Equal("edit-background", await Page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("paste")]
    public async Task Picture_GivenWhileAnotherIsEdited_IsTheBackgroundOrEditedInstead(string how)
    {
        await OpenEditAsync();
        await InstructedAsync("make it sepia", 2);
        await Instruction.FillAsync("make it warmer");
        await Page.EvaluateAsync(Hand, how);
        await Second.WaitForAsync();
        Assert.Equal("cat.png", await Second.Locator("b").TextContentAsync());
        Assert.Equal("make it warmer", await Instruction.InputValueAsync());
        var first = await Page.EvaluateAsync<string>("() => location.hash");
        await Second.GetByText("Edit it instead").ClickAsync();
        await Page.WaitForFunctionAsync("first => location.hash !== first", first);
        await MadeAsync(1);
        Assert.Equal(2, (await Server.Client.GetAsync("/v1/edits").JsonAsync()).GetProperty("data").GetArrayLength());
        await Page.GoBackAsync();
        await MadeAsync(2);
        Assert.Equal("make it warmer", await Instruction.InputValueAsync());
    }

    [Fact]
    public async Task Background_ThatIsNone_IsRefusedBesideItAndEverythingStays()
    {
        await OpenEditAsync();
        await Page.Locator("#background-file").SetInputFilesAsync(new FilePayload { Name = "none.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await Instruction.PressAsync("Enter");
        await Error.WaitForAsync();
        Assert.NotEmpty(await Error.TextContentAsync() ?? "");
        Assert.Equal(Words, await Instruction.InputValueAsync());
        Assert.Equal("Remove the background picture", await Page.EvaluateAsync<string>("() => document.activeElement.ariaLabel"));
        Assert.Equal(1, (await SessionAsync()).GetProperty("versions").GetArrayLength());
        await Page.Locator("#background-file").SetInputFilesAsync(await BeachAsync());
        Assert.True(await Error.IsHiddenAsync());
        await InstructedAsync(Words, 2);
        await AssertIsBehindAsync(2);
    }

    [Fact]
    public async Task Background_SpokenOfButNotGiven_IsAskedFor()
    {
        await OpenEditAsync();
        await InstructAsync("use my picture as the background");
        await InstructionError.WaitForAsync();
        Assert.Contains("background picture", await InstructionError.TextContentAsync(), StringComparison.Ordinal);
        await Page.Locator("#background-file").SetInputFilesAsync(await BeachAsync());
        Assert.True(await InstructionError.IsHiddenAsync());
        await InstructedAsync("use my picture as the background", 2);
        await AssertIsBehindAsync(2);
    }

    [Fact]
    public async Task Text_DroppedWhileAPictureIsEdited_IsTheInstruction()
    {
        await OpenEditAsync();
        await Page.EvaluateAsync("""
            () => {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File(['make it sepia\nflip the picture\n'], 'steps.txt', { type: 'text/plain' }));
              for (const name of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer }));
            }
            """);
        await UntilAsync("() => document.querySelector('#instruction').value === 'make it sepia\\nflip the picture'");
        await Instruction.PressAsync("Enter");
        await MadeAsync(2);
        Assert.Equal(2, (await SessionAsync()).GetProperty("versions")[1].GetProperty("instructions").GetArrayLength());
    }

    private static async Task<FilePayload> BeachAsync()
    {
        var file = await FileOfAsync(Picture.Filled(Side, Side, Ground));
        return new FilePayload { Name = "beach.png", MimeType = file.MimeType, Buffer = file.Buffer };
    }

    // The subject is what has not the corner's colour: every square but the first.
    private async Task AssertIsBehindAsync(int version)
    {
        var (before, after) = (Squares(), await PictureOfAsync(version));
        Assert.Equal(Ground, after[Side / 8, Side / 8]);
        Assert.Equal(before[Side * 7 / 8, Side * 7 / 8], after[Side * 7 / 8, Side * 7 / 8]);
    }
}
