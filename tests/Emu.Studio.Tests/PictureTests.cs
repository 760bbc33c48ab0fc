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

    [Fact]
    public async Task Pictures_ManyAtOnce_OneIsTakenAndThatIsSaid()
    {
        await OpenAsync();
        await HandAsync("for (let index = 0; index < 20; index++) data.items.add(new File(['x'], `picture ${index}.png`, { type: 'image/png' }));");
        await Page.GetByText("One file at a time: picture 0.png was taken.").WaitForAsync();
        Assert.Equal("picture 0.png", await Page.Locator("#first-name").TextContentAsync());
    }

    [Fact]
    public async Task Paste_OfTextWithItsPicture_IsText()
    {
        await OpenAsync();
        await HandAsync("data.items.add(new File(['x'], 'text.png', { type: 'image/png' })); data.setData('text/plain', 'a fox');", "new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })");
        Assert.True(await Page.Locator("#first").IsHiddenAsync());
    }

    [Fact]
    public async Task Picture_TooLarge_IsRefusedInMegabytes()
    {
        await OpenAsync();
        await HandAsync("data.items.add(new File([new Uint8Array(34_000_000)], 'huge.png', { type: 'image/png' }));");
        await MakeAsync("it waves");
        await Page.GetByText("That is too large: at most 32 MB are accepted.").WaitForAsync();
        Assert.Equal("it waves", await Prompt.InputValueAsync());
    }

    // What is handed over is filled by a script, and arrives where the prompt is.
    private async Task HandAsync(string fill, string arrival = "new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })") =>
        await Page.EvaluateAsync($"() => {{ const data = new DataTransfer(); {fill} document.querySelector('#prompt').dispatchEvent({arrival}); }}");

    private async Task AssertHasPictureAsync()
    {
        var jobs = (await (await Server.Client.GetAsync("/v1/videos")).JsonAsync()).GetProperty("data");
        Assert.True(Assert.Single(jobs.EnumerateArray()).GetProperty("has_input_reference").GetBoolean());
    }
}
