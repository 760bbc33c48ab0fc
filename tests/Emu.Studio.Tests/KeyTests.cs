using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

public sealed class KeyTests(StudioBrowser browser) : StudioTest(browser)
{
    [Fact]
    public async Task Server_WithKeys_AsksForOneAndKeepsItOnlyOnRequest()
    {
        var secret = await CreateKeyAsync();
        await Page.GotoAsync("/");
        await Page.Locator("#keys").WaitForAsync();
        await Page.Locator("#key").FillAsync("emu_wrong");
        await Page.Locator("#key-save").ClickAsync();
        await Page.GetByText("Incorrect API key provided").WaitForAsync();
        await Page.Locator("#key").FillAsync(secret);
        await Page.Locator("#key-save").ClickAsync();
        await MakeAsync("a red fox");
        await CompletedAsync("a red fox");
        await TileOf("a red fox").Locator("video[src^='blob:']").WaitForAsync();
        Assert.DoesNotContain(secret, await StoredAsync(), StringComparison.Ordinal);

        await Page.ReloadAsync();
        await Page.Locator("#key").FillAsync(secret);
        await Page.Locator("#key-keep").CheckAsync();
        await Page.Locator("#key-save").ClickAsync();
        await CompletedAsync("a red fox");
        Assert.Contains(secret, await StoredAsync(), StringComparison.Ordinal);
        await ReloadAsync();
        await CompletedAsync("a red fox");

        await Page.Locator("#key-button").ClickAsync();
        await Page.Locator("#key-forget").ClickAsync();
        await Page.Locator("#key-error").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
        await Page.WaitForFunctionAsync("() => localStorage.length === 0");
    }

    [Fact]
    public async Task Key_OfAnotherOwner_ShowsOnlyTheirJobs()
    {
        var mine = await CreateKeyAsync();
        var theirs = Server.Keys.Create("theirs", "ben").Secret;
        using var client = Server.ClientOf(mine);
        await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, "/v1/videos", new { prompt = "mine" });
        await Page.GotoAsync("/");
        await UseKeyAsync(mine);
        await CompletedAsync("mine");
        await Page.Locator("#key-button").ClickAsync();
        await UseKeyAsync(theirs);
        await TileOf("mine").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await MakeAsync("theirs");
        await CompletedAsync("theirs");
        Assert.Equal(1, await Tiles.CountAsync());
    }

    [Fact]
    public async Task Key_RevokedWhileAJobIsFollowed_IsAskedForOnceAndThenByWhatTheUserDoes()
    {
        var secret = await CreateKeyAsync();
        await Page.GotoAsync("/");
        await UseKeyAsync(secret);
        await MakeAsync("a slow fox");
        await TileOf("a slow fox").And(Page.Locator("[data-status=in_progress]")).WaitForAsync();
        var other = Server.Keys.Create("another", "anna").Secret;
        Server.Keys.Revoke(Server.Keys.Read().First(key => key.Name == "mine").Id);
        await Server.StopAsync();
        await Server.StartAsync();
        await Page.GetByText("Incorrect API key provided").WaitForAsync();
        await Page.Keyboard.PressAsync("Escape");
        var refused = 0;
        Page.Response += (_, response) => refused += response.Status == 401 ? 1 : 0;
        await Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await Eventually.TrueAsync(() => Task.FromResult(refused >= 3), "requests are refused");
        Assert.True(await Page.Locator("#keys").IsHiddenAsync());
        await MakeAsync("a red fox");
        await UseKeyAsync(other);
        await CompletedAsync("a red fox");
        await CompletedAsync("a slow fox");
    }

    private async Task UseKeyAsync(string secret)
    {
        await Page.Locator("#key").FillAsync(secret);
        await Page.Locator("#key-save").ClickAsync();
    }

    private async Task<string> CreateKeyAsync()
    {
        var created = Server.Keys.Create("mine", "anna");
        await Server.KeysNeededAsync();
        return created.Secret;
    }

    private Task<string> StoredAsync() => Page.EvaluateAsync<string>("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])");
}
