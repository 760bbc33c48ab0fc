using Emu.Api.Hosting;
using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

/// <summary>The page under a path of its own, as a proxy publishes it.</summary>
public sealed class PublishedTests : StudioTest
{
    public PublishedTests(StudioBrowser browser)
        : base(browser) => Server = new PipelineServer { Access = new PublicAccess { PublicUrl = PublicAccess.ParseUrl("https://emu.example/tools/emu") } };

    [Fact]
    public async Task Page_UnderAPath_WorksThere()
    {
        await OpenAsync("/tools/emu");
        Assert.EndsWith("/tools/emu/", Page.Url, StringComparison.Ordinal);
        await MakeAsync("a red fox");
        await CompletedAsync("a red fox");
        await UntilAsync("() => document.querySelector('#gallery video')?.currentTime > 0.1");
        await ViewAsync("a red fox");
        await Viewer.GetByText("Share link").ClickAsync();
        await Viewer.GetByText("Make link").ClickAsync();
        Assert.StartsWith("https://emu.example/tools/emu/v1/videos/", await Viewer.GetByLabel("Link", new() { Exact = true }).InputValueAsync(), StringComparison.Ordinal);
    }
}
