using Emu.Api.Tests.Server;
using Emu.Media.Codecs;
using Emu.Pipeline.Jobs;
using Emu.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Emu.Studio.Tests;

/// <summary>How a picture gets into the Edit view, and out of it.</summary>
public sealed class EditPictureTests(StudioBrowser browser) : EditTest(browser)
{
    [Theory]
    [InlineData("drop")]
    [InlineData("paste")]
    public async Task Picture_GivenWhileEditIsChosen_IsEditedWithWhatIsTyped(string how)
    {
        await OpenAsync();
        await ChooseEditAsync();
        await Prompt.FillAsync("make it sepia");
        await Page.EvaluateAsync(Hand, how);
        await Instruction.WaitForAsync();
        Assert.Equal("make it sepia", await Instruction.InputValueAsync());
        await Instruction.PressAsync("Enter");
        await MadeAsync(2);
        Assert.Equal("", await Prompt.InputValueAsync());
    }

    [Fact]
    public async Task Words_WithoutAPicture_AreKeptWithAHint()
    {
        await OpenAsync();
        await ChooseEditAsync();
        await MakeAsync("make it sepia");
        Assert.Equal("Drop, paste or pick the picture to edit first.", await Page.Locator("#input_reference-error").TextContentAsync());
        Assert.Equal("make it sepia", await Prompt.InputValueAsync());
    }

    [Fact]
    public async Task Picture_ThatIsNone_IsRefusedBesideItAndTheWordsStay()
    {
        await OpenAsync();
        await ChooseEditAsync();
        await Prompt.FillAsync("make it sepia");
        await Page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "none.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        var error = Page.Locator("#input_reference-error");
        await error.WaitForAsync();
        Assert.NotEmpty(await error.TextContentAsync() ?? "");
        Assert.Equal("make it sepia", await Prompt.InputValueAsync());
        Assert.Empty((await Server.Client.GetAsync("/v1/edits").JsonAsync()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task EditThis_EditsAStill()
    {
        await OpenAsync();
        await Page.Locator("#kinds input[value=image]").CheckAsync();
        await MakeAsync("a red fox");
        await ViewAsync("a red fox");
        await Viewer.GetByText("Edit this").ClickAsync();
        await Instruction.WaitForAsync();
        await InstructedAsync("make it black and white", 2);
        var still = Assert.Single((await Server.Client.GetAsync("/v1/images").JsonAsync()).GetProperty("data").EnumerateArray());
        var drawn = await new PictureReader().ReadAsync(await Server.Client.GetByteArrayAsync($"/v1/images/{still.GetProperty("id").GetString()}/content"));
        Assert.True((await PictureOfAsync(1)).Samples.SequenceEqual(drawn.Samples));
    }

    [Fact]
    public async Task Back_LeadsToThePicturesAndATileLeadsBack()
    {
        await OpenEditAsync();
        await InstructedAsync("make it black and white", 2);
        await Page.GoBackAsync();
        await TileOf("make it black and white").WaitForAsync();
        Assert.True(await Page.Locator("#edit").IsHiddenAsync());
        await TileOf("make it black and white").Locator("button.ground").ClickAsync();
        await MadeAsync(2);
        await Page.GetByText("← Your pictures").ClickAsync();
        await TileOf("make it black and white").WaitForAsync();
        Assert.Equal("/", new Uri(Page.Url).PathAndQuery);
    }

    [Fact]
    public async Task Edit_NoModelThatEdits_IsNotOffered()
    {
        await Server.Jobs.Models.PublishAsync(SketchStage.Capabilities with { EditTasks = [] }, CancellationToken.None);
        await OpenAsync();
        Assert.True(await Page.Locator("#kinds input[value=video]").IsVisibleAsync());
        Assert.True(await Page.Locator("#kinds input[value=edit]").IsHiddenAsync());
        await Page.Locator("#kinds input[value=image]").CheckAsync();
        await MakeAsync("a red fox");
        await ViewAsync("a red fox");
        Assert.Equal(0, await Viewer.GetByText("Edit this").CountAsync());
    }

    [Fact]
    public async Task Model_ThatOnlyEdits_IsNotOfferedToMakeClips()
    {
        await Server.Jobs.Models.PublishAsync(SketchStage.Capabilities with { Name = "editor", IsDefault = false, Kinds = [JobKind.Edit] }, CancellationToken.None);
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        Assert.True(await Page.Locator("#set-seed").IsVisibleAsync());
        Assert.Equal(0, await Page.Locator("#set-model").CountAsync());
        await OpenEditAsync();
        await InstructedAsync("make it black and white", 2);
        await Server.Jobs.Models.PublishAsync(SketchStage.Capabilities with { Name = "painter", IsDefault = false }, CancellationToken.None);
        await OpenAsync();
        await Page.Locator("#kinds input[value=video]").CheckAsync();
        await Page.Locator("#settings-button").ClickAsync();
        Assert.Equal(["painter", "sketch"], (await Page.Locator("#set-model option").AllTextContentsAsync()).Order());
    }

    [Fact]
    public async Task Key_Wanted_PicturesAreFetchedWithIt()
    {
        var secret = Server.Keys.Create("mine", "anna").Secret;
        await Server.KeysNeededAsync();
        await Page.GotoAsync("/");
        await Page.Locator("#key").FillAsync(secret);
        await Page.Locator("#key-save").ClickAsync();
        await Page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await ChooseEditAsync();
        await Page.Locator("#file").SetInputFilesAsync(await FileOfAsync(Squares()));
        await Instruction.WaitForAsync();
        await InstructedAsync("make it black and white", 2);
        await UntilAsync("() => [...document.querySelectorAll('.compare img, .thumb img')].filter((image) => image.src.startsWith('blob:') && image.naturalWidth > 0).length === 4");
    }
}
