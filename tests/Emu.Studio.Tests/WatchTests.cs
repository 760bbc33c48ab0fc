using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

public sealed class WatchTests(StudioBrowser browser) : StudioTest(browser)
{
    [Fact]
    public async Task Cancel_WhileItIsMade_EndsItThere()
    {
        await OpenAsync();
        await MakeAsync("a slow fox");
        await TileOf("a slow fox").GetByLabel("Cancel").ClickAsync();
        await TileOf("a slow fox").GetByText("Cancelled", new() { Exact = true }).WaitForAsync();
        await Server.IdleAsync();
    }

    [Fact]
    public async Task Reload_InTheMiddle_GoesOnWhereItWas()
    {
        await OpenAsync();
        await MakeAsync("a slow fox");
        await TileOf("a slow fox").And(Page.Locator("[data-status=in_progress]")).WaitForAsync();
        await Prompt.FillAsync("half of an id");
        await ReloadAsync();
        Assert.Equal("half of an id", await Prompt.InputValueAsync());
        await TileOf("a slow fox").And(Page.Locator("[data-status=in_progress]")).WaitForAsync();
        await CompletedAsync("a slow fox");
        Assert.Equal(1, await Tiles.CountAsync());
    }

    [Fact]
    public async Task Connection_LostWhileTheServerRestarts_GoesOn()
    {
        await OpenAsync();
        await MakeAsync("a slow fox");
        await TileOf("a slow fox").And(Page.Locator("[data-status=in_progress]")).WaitForAsync();
        await Server.StopAsync();
        await Server.StartAsync();
        await CompletedAsync("a slow fox");
    }

    [Fact]
    public async Task Server_Unreachable_SaysSoAndMakesOneJobWhenItIsBack()
    {
        await OpenAsync();
        await Server.StopAsync();
        await MakeAsync("a red fox");
        await Server.StartAsync();
        await CompletedAsync("a red fox");
        Assert.Equal(1, await Tiles.CountAsync());
    }

    [Fact]
    public async Task JobOfAnotherProgram_IsFoundWhenThePageIsSeenAgain()
    {
        await OpenAsync();
        await Server.CompletedAsync(new { prompt = "from elsewhere" });
        await Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await CompletedAsync("from elsewhere");
    }

    [Fact]
    public async Task JobDeletedElsewhere_IsGoneWhenThePageIsSeenAgain()
    {
        await Server.CompletedAsync(new { prompt = "a red fox" });
        var id = await Server.CompletedAsync(new { prompt = "a blue fox" });
        await OpenAsync();
        await CompletedAsync("a blue fox");
        await Server.Client.DeleteAsync($"/v1/videos/{id}");
        await Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await TileOf("a blue fox").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await CompletedAsync("a red fox");
    }
}
