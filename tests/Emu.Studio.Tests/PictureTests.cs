using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

public sealed class PictureTests(StudioBrowser browser) : StudioTest(browser)
{
    [Theory]
    [InlineData("drop")]
    [InlineData("paste")]
    public async Task Picture_Given_IsTheFirstFrame(string how)
    {
        await OpenAsync();
        await Page.EvaluateAsync(Hand, how);
        await Page.Locator("#first").WaitForAsync();
        Assert.Equal("cat.png", await Page.Locator("#first-name").TextContentAsync());
        await MakeAsync("it waves");
        await CompletedAsync("it waves");
        await AssertHasPictureAsync();
    }

    [Fact]
    public async Task Picture_Picked_NeedsNoWordsAndCanBeRemoved()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "picked.png");
        await File.WriteAllBytesAsync(file, Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC"));
        await OpenAsync();
        await Page.Locator("#file").SetInputFilesAsync(file);
        await Page.Locator("#first-remove").ClickAsync();
        Assert.True(await Page.Locator("#first").IsHiddenAsync());
        await Page.Locator("#file").SetInputFilesAsync(file);
        await Page.Locator("#go").ClickAsync();
        await CompletedAsync("From a picture");
        await AssertHasPictureAsync();
    }

    [Fact]
    public async Task Picture_ThatIsNone_IsRefusedBesideItAndTheWordsStay()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "none.png");
        await File.WriteAllTextAsync(file, "no picture");
        await OpenAsync();
        await Page.Locator("#file").SetInputFilesAsync(file);
        await MakeAsync("it waves");
        var error = Page.Locator("#input_reference-error");
        await error.WaitForAsync();
        Assert.NotEmpty(await error.TextContentAsync() ?? "");
        Assert.Equal("it waves", await Prompt.InputValueAsync());
        Assert.True(await Page.Locator("#first").IsVisibleAsync());
    }

    private async Task AssertHasPictureAsync()
    {
        var jobs = (await (await Server.Client.GetAsync("/v1/videos")).JsonAsync()).GetProperty("data");
        Assert.True(Assert.Single(jobs.EnumerateArray()).GetProperty("has_input_reference").GetBoolean());
    }
}
