using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

public sealed class MakeTests(StudioBrowser browser) : StudioTest(browser)
{
    [Fact]
    public async Task Prompt_Enter_ShowsTheKeyframeThenPlaysTheClip()
    {
        await OpenAsync();
        await MakeAsync("a slow fox");
        var tile = TileOf("a slow fox");
        await tile.And(Page.Locator("[data-status=in_progress]")).Locator("img.still[src$='variant=keyframe']").WaitForAsync();
        await tile.Locator("[role=progressbar][aria-valuetext^='Making it move, '][aria-valuenow]").WaitForAsync();
        await UntilAsync("() => document.querySelector('#announcer').textContent.startsWith('a slow fox: ')");
        await CompletedAsync("a slow fox");
        await UntilAsync("() => document.querySelector('#gallery video')?.currentTime > 0.1");
        Assert.Equal("a slow fox is done.", await Page.Locator("#announcer").TextContentAsync());
        Assert.Equal("a slow fox", await Prompt.InputValueAsync());
    }

    [Fact]
    public async Task Example_Click_IsMade()
    {
        await OpenAsync();
        await Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "a happy fox", Exact = true }).ClickAsync();
        await CompletedAsync("a happy fox");
    }

    [Fact]
    public async Task Variants_Three_HaveSeedsThatFollow()
    {
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        await Page.Locator("#set-variants").SelectOptionAsync("3");
        await Page.Locator("#set-seed").FillAsync("41");
        await MakeAsync("a red fox");
        await UntilAsync("() => document.querySelectorAll('#gallery > [data-status=completed]').length === 3");
        Assert.Equal([43, 42, 41], (await ListAsync("videos")).Select(job => job.GetProperty("seed").GetInt32()));
    }

    [Fact]
    public async Task Settings_AreThoseOfTheModel()
    {
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        Assert.Equal(["variants", "size", "seconds", "motion", "amount", "camera", "formats", "target", "seed", "transparent", "steps", "guidance"], await Page.Locator("#fields").EvaluateAsync<string[]>("fields => [...fields.querySelectorAll('[name]')].map((field) => field.name)"));
        Assert.Equal(["", "mp4", "gif", "webp", "apng", "webm"], await Page.Locator("#set-formats").EvaluateAsync<string[]>("field => [...field.options].map((option) => option.value)"));
        await Page.Locator("#kinds").GetByText("Still").ClickAsync(new() { Force = true });
        Assert.Equal(["", "png", "jpeg", "webp"], await Page.Locator("#set-formats").EvaluateAsync<string[]>("field => [...field.options].map((option) => option.value)"));
        Assert.Equal(0, await Page.Locator("#set-seconds").CountAsync());
    }

    [Fact]
    public async Task Still_Transparent_IsMadeAndAnimated()
    {
        await OpenAsync();
        await Page.Locator("#kinds input[value=image]").CheckAsync();
        await Page.Locator("#settings-button").ClickAsync();
        await Page.Locator("#set-transparent").CheckAsync();
        await MakeAsync("a blue fox");
        await ViewAsync("a blue fox");
        Assert.True(await Viewer.Locator(".ground.chequered img").IsVisibleAsync());
        await Viewer.GetByText("Animate this").ClickAsync();
        await Page.Locator("#first img").WaitForAsync();
        Assert.True(await Page.Locator("#kinds input[value=video]").IsCheckedAsync());
        await MakeAsync("it runs");
        await CompletedAsync("it runs");
        var clip = Assert.Single(await ListAsync("videos"));
        Assert.True(clip.GetProperty("has_input_reference").GetBoolean());
        Assert.True(clip.GetProperty("transparent").GetBoolean());
        Assert.Equal("webp", clip.GetProperty("formats")[0].GetString());
    }

    [Fact]
    public async Task Refused_Field_SaysWhyBesideItAndKeepsEverything()
    {
        await OpenAsync();
        await Page.Locator("#settings-button").ClickAsync();
        await Page.Locator("#set-seed").FillAsync("seven");
        await Page.Locator("#settings-button").ClickAsync();
        await MakeAsync("a red fox");
        Assert.Equal("Invalid type for 'seed': expected a whole number from 0 to 9007199254740991.", await TextOfAsync("#seed-error"));
        Assert.Equal("seven", await Page.Locator("#set-seed").InputValueAsync());
        Assert.Equal("set-seed", await Page.EvaluateAsync<string>("() => document.activeElement.id"));
        Assert.Equal("a red fox", await Prompt.InputValueAsync());

        await Page.Locator("#set-seed").FillAsync("7");
        await MakeAsync(new string('a', 1001));
        Assert.Contains("1001 characters", await TextOfAsync("#prompt-error"), StringComparison.Ordinal);
        Assert.True(await Page.Locator("#seed-error").IsHiddenAsync());

        await MakeAsync(" ");
        Assert.Contains("The prompt is empty", await TextOfAsync("#prompt-error"), StringComparison.Ordinal);
        Assert.Empty(await ListAsync("videos"));
    }

    [Fact]
    public async Task Markup_InAPrompt_StaysText()
    {
        const string Markup = "<img src=x onerror=\"document.title='changed'\"><script>document.title='changed'</script> &lt;b&gt;";
        await OpenAsync();
        await MakeAsync(Markup);
        await ViewAsync(Markup);
        Assert.Equal(Markup, await Viewer.Locator("h2").TextContentAsync());
        Assert.Equal("Emu Studio", await Page.TitleAsync());
        Assert.Equal(0, await Page.Locator("[onerror]").CountAsync());
    }

    [Fact]
    public async Task Failure_SaysWhyInWordsAndCanBeTriedAgain()
    {
        await OpenAsync();
        await MakeAsync("a broken fox");
        await TileOf("a broken fox").GetByText("Sketches of broken things are not supported.").WaitForAsync();
        await Prompt.FillAsync("");
        await TileOf("a broken fox").GetByText("Try again").ClickAsync();
        Assert.Equal("a broken fox", await Prompt.InputValueAsync());
    }

    [Fact]
    public async Task Prompt_EnterTwice_MakesOne()
    {
        await OpenAsync();
        await Prompt.FillAsync("a red fox");
        await Prompt.EvaluateAsync("prompt => { for (let press = 0; press < 2; press++) prompt.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })); }");
        await CompletedAsync("a red fox");
        await MakeAsync("a blue fox");
        await CompletedAsync("a blue fox");
        Assert.Equal(2, (await ListAsync("videos")).Length);
    }

    private async Task<string> TextOfAsync(string selector)
    {
        var place = Page.Locator(selector);
        await place.WaitForAsync();
        return await place.TextContentAsync() ?? "";
    }

    private async Task<JsonElement[]> ListAsync(string kind) =>
        [.. (await (await Server.Client.GetAsync($"/v1/{kind}")).JsonAsync()).GetProperty("data").EnumerateArray()];
}
