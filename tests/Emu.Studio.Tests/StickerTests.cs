using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

/// <summary>The page with the included model.</summary>
public sealed class StickerTests : StudioTest
{
    public StickerTests(StudioBrowser browser)
        : base(browser) => Server = new PipelineServer { RunsStickerModel = true };

    [Fact]
    public async Task Prompt_StickerModel_DrawsTheKeyframeAndAClipThatPlays()
    {
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        await Page.Locator("#fields summary").ClickAsync();
        await Page.Locator("#set-steps").FillAsync("3");
        await Page.Locator("#set-size").SelectOptionAsync("128x128");
        await MakeAsync("a happy fox");
        await TileOf("a happy fox").Locator("img.still").WaitForAsync();
        Assert.Equal("keyframe", await Page.Locator("img.still").EvaluateAsync<string>("image => new URL(image.src).searchParams.get('variant')"));
        await CompletedAsync("a happy fox");
        await UntilAsync("() => document.querySelector('#gallery video')?.currentTime > 0.1");
        await UntilAsync("() => document.querySelector('#gallery video').videoWidth === 128");
    }
}
