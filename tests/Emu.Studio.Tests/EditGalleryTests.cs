using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

/// <summary>Edits that a program asked for: they are in the gallery like everything else.</summary>
public sealed class EditGalleryTests(StudioBrowser browser) : EditTest(browser)
{
    private const string Grey = "make it black and white";

    [Fact]
    public async Task Edit_MadeByAProgram_IsShownDownloadedAndEditedOn()
    {
        await EditAsync(Grey, Squares());
        await OpenAsync();
        await ViewAsync(Grey);
        Assert.Contains("Edited picture", await Viewer.Locator(".facts").TextContentAsync(), StringComparison.Ordinal);
        Assert.True(await Viewer.Locator(".ground img").IsVisibleAsync());
        Assert.Equal(0, await Viewer.GetByText("Remix").CountAsync());
        var png = await Page.RunAndWaitForDownloadAsync(() => Viewer.GetByLabel("Download as PNG").ClickAsync());
        Assert.Equal("make-it-black-and-white.png", png.SuggestedFilename);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(await png.PathAsync()))[..4]);

        await Viewer.GetByText("Edit this").ClickAsync();
        await Instruction.WaitForAsync();
        await InstructedAsync("rotate it 90 degrees", 2);
        var pixel = (await PictureOfAsync(1))[10, 10];
        Assert.Equal((pixel.Red, pixel.Red), (pixel.Green, pixel.Blue));
        await Page.GetByText("← Your pictures").ClickAsync();
        await CompletedAsync("rotate it 90 degrees");
        await ReloadAsync();
        Assert.Equal(["rotate it 90 degrees", Grey], await Tiles.Locator(".caption").AllTextContentsAsync());
    }

    [Fact]
    public async Task Edit_AtWork_IsFollowedCancelledAndTriedAgain()
    {
        await OpenAsync();
        await EditAsync("make the background pink", SlowPicture());
        await Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        var tile = TileOf("make the background pink");
        await tile.Locator("[role=progressbar][aria-valuetext^='Finding the subject, ']").WaitForAsync();
        await tile.GetByLabel("Cancel").ClickAsync();
        await tile.GetByText("Cancelled", new() { Exact = true }).WaitForAsync();
        await tile.GetByText("Try again").ClickAsync();
        Assert.True(await Page.Locator("#kinds input[value=edit]").IsCheckedAsync());
        Assert.Equal("make the background pink", await Prompt.InputValueAsync());
        await Server.IdleAsync();
    }

    [Fact]
    public async Task Versions_OfManySessions_DoNotHideWhatIsOlder()
    {
        await Server.CompletedAsync(new { prompt = "a red fox" });
        for (var edit = 0; edit < 30; edit++)
        {
            using var form = Form("instruction", "make it sepia", (await FileOfAsync(Squares(16))).Buffer);
            await Server.Client.PostAsync("/v1/edits", form).JsonAsync(System.Net.HttpStatusCode.Accepted);
            await Server.IdleAsync();
        }

        await Page.SetViewportSizeAsync(1280, 4000);
        await OpenAsync();
        await CompletedAsync("a red fox");
        await UntilAsync("() => document.querySelector('#gallery-more').hidden");
        Assert.Equal(31, await Tiles.CountAsync());
    }

    private async Task EditAsync(string prompt, Emu.Media.Pictures.Picture picture)
    {
        using var form = Form("prompt", prompt, (await FileOfAsync(picture)).Buffer);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/edits") { Content = form, Headers = { { "Prefer", "respond-async" } } };
        await Server.Client.SendAsync(request).JsonAsync(System.Net.HttpStatusCode.Accepted);
    }

    private static MultipartFormDataContent Form(string name, string text, byte[] picture) =>
        new() { { new StringContent(text), name }, { new ByteArrayContent(picture), "image", "squares.png" } };
}
