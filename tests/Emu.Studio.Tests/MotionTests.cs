using System.Net.Http.Headers;
using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Emu.Studio.Tests;

/// <summary>How a clip moves, and where its camera is.</summary>
public sealed class MotionTests(StudioBrowser browser) : StudioTest(browser)
{
    private ILocator Motion => Page.Locator("#set-motion");

    private ILocator Amount => Page.Locator("#set-amount");

    [Fact]
    public async Task Motion_Chosen_IsSentShownRememberedAndUsedAgain()
    {
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        Assert.Equal(["What the words say", "Nothing moves", "Bounce", "Spin back"], await Motion.Locator("option").AllTextContentsAsync());
        Assert.Equal(["What the words say", "Stands still", "Zoom", "Pan"], await Page.Locator("#set-camera option").AllTextContentsAsync());
        Assert.True(await Amount.IsHiddenAsync());
        await Motion.SelectOptionAsync("spin back");
        Assert.Equal("How much of it: as usual", await Page.Locator("label[for=set-amount]").TextContentAsync());
        await Amount.PressAsync("End");
        await Amount.PressAsync("ArrowLeft");
        await Amount.PressAsync("ArrowLeft");
        Assert.Equal("90 %", await Amount.GetAttributeAsync("aria-valuetext"));
        await Page.Locator("#set-camera").SelectOptionAsync("pan");
        await MakeAsync("a red fox");
        await CompletedAsync("a red fox");
        await AssertMovesAsync("spin back,0.9", "pan");
        Assert.Equal("Spin back 90 % · camera: pan", await TileOf("a red fox").Locator(".hint").First.TextContentAsync());

        await ReloadAsync();
        await Page.Locator("#settings-button").ClickAsync();
        Assert.Equal(("spin back", "0.9"), (await Motion.InputValueAsync(), await Amount.InputValueAsync()));
        await Motion.SelectOptionAsync("none");
        Assert.True(await Amount.IsHiddenAsync());
        await ViewAsync("a red fox");
        Assert.Contains("Spin back 90 % · camera: pan", await Viewer.Locator(".facts").TextContentAsync(), StringComparison.Ordinal);
        await Viewer.GetByText("Remix").ClickAsync();
        await MakeAsync("a green fox");
        await CompletedAsync("a green fox");
        await AssertMovesAsync("spin back,0.9", "pan");
    }

    [Fact]
    public async Task Motion_None_IsSentWithoutAnAmount()
    {
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        await Motion.SelectOptionAsync("bounce");
        await Amount.FillAsync("0.3");
        await Motion.SelectOptionAsync("none");
        await Page.Locator("#set-camera").SelectOptionAsync("none");
        await MakeAsync("a red fox");
        await CompletedAsync("a red fox");
        await AssertMovesAsync("none", "none");
        Assert.Equal("Nothing moves · the camera stands still", await TileOf("a red fox").Locator(".hint").First.TextContentAsync());
    }

    [Fact]
    public async Task Motion_OfAStill_IsNeitherOfferedNorSent()
    {
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        await Motion.SelectOptionAsync("bounce");
        await Page.Locator("#kinds input[value=image]").CheckAsync();
        Assert.Equal(0, await Page.Locator("#set-motion, #set-amount, #set-camera").CountAsync());
        await MakeAsync("a blue fox");
        await CompletedAsync("a blue fox");
        Assert.True(await TileOf("a blue fox").Locator(".hint").First.IsHiddenAsync());
    }

    [Fact]
    public async Task Motion_ModelThatHasNone_IsNotOffered()
    {
        await Server.Jobs.Models.PublishAsync(SketchStage.Capabilities with { Motions = [], Cameras = [] }, CancellationToken.None);
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        Assert.True(await Page.Locator("#set-seed").IsVisibleAsync());
        Assert.Equal(0, await Page.Locator("#set-motion, #set-amount, #set-camera").CountAsync());
    }

    [Fact]
    public async Task Remix_SeveralMotions_KeepsThem()
    {
        await Server.CompletedAsync(new { prompt = "a red fox", motion = "bounce,0.25;spin back" });
        await OpenAsync();
        Assert.Equal("Bounce 25 %, spin back", await TileOf("a red fox").Locator(".hint").First.TextContentAsync());
        await ViewAsync("a red fox");
        await Viewer.GetByText("Remix").ClickAsync();
        Assert.Equal("bounce,0.25;spin back", await Motion.InputValueAsync());
        Assert.True(await Amount.IsHiddenAsync());
        await MakeAsync("a green fox");
        await CompletedAsync("a green fox");
        await AssertMovesAsync("bounce,0.25;spin back", null);
    }

    [Fact]
    public async Task Remix_OfAMovedPicture_DoesNotAskForItsSize()
    {
        await Server.Jobs.Models.PublishAsync(SketchStage.Capabilities with { MovesPictures = true }, CancellationToken.None);
        var picture = new ByteArrayContent(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAADAAAAAoCAIAAAA35e4mAAAANklEQVR42u3OQQkAAAgEsEvi2/4pjGUNwcECLNN1SoSEhISEhISEhISEhISEhISEhISEhD6FFsZT6WpXWyFmAAAAAElFTkSuQmCC"));
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var form = new MultipartFormDataContent { { new StringContent("it waves"), "prompt" }, { picture, "input_reference", "cat.png" } };
        var moved = await Server.Client.PostAsync("/v1/videos", form).JsonAsync(System.Net.HttpStatusCode.Accepted);
        Assert.Equal("48x40", moved.GetProperty("size").GetString());
        await OpenAsync();
        await ViewAsync("it waves");
        await Viewer.GetByText("Remix").ClickAsync();
        await Page.Locator("#first").WaitForAsync();
        await MakeAsync("it jumps");
        await CompletedAsync("it jumps");
    }

    private async Task AssertMovesAsync(string? motion, string? camera)
    {
        var newest = (await Server.Client.GetAsync("/v1/videos").JsonAsync()).GetProperty("data")[0];
        Assert.Equal((motion, camera), (newest.GetProperty("motion").GetString(), newest.GetProperty("camera").GetString()));
    }
}
