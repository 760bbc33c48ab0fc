using System.Net;
using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Emu.Studio.Tests;

public sealed class GalleryTests(StudioBrowser browser) : StudioTest(browser)
{
    [Fact]
    public async Task Scrolling_ManyJobsOfBothKinds_ShowsEachOnceNewestFirst()
    {
        var expected = new List<string>();
        for (var index = 0; index < 56; index++)
        {
            // Stills and clips in uneven shares, so that the pages of the two lists do not go in step.
            var prompt = $"fox {index}";
            using var request = new HttpRequestMessage(HttpMethod.Post, index % 7 == 0 ? "/v1/videos" : "/v1/images/generations");
            request.Headers.Add("Prefer", "respond-async");
            request.Content = System.Net.Http.Json.JsonContent.Create(new { prompt, size = "32x32" });
            Assert.Equal(HttpStatusCode.Accepted, (await Server.Client.SendAsync(request)).StatusCode);
            expected.Insert(0, prompt);
        }

        await OpenAsync();
        for (var shown = 0; shown < expected.Count;)
        {
            await Page.Mouse.WheelAsync(0, 4000);
            await Page.WaitForFunctionAsync("shown => document.querySelectorAll('#gallery > .tile').length > shown", shown);
            shown = await Tiles.CountAsync();
        }

        Assert.Equal(expected, await Tiles.Locator(".caption").AllTextContentsAsync());
        Assert.True(await Page.Locator("#gallery-more").IsHiddenAsync());
    }

    [Fact]
    public async Task Download_OfAFormatThatIsNotThere_MakesIt()
    {
        await Server.CompletedAsync(new { prompt = "A red, fast fox!" });
        await OpenAsync();
        await ViewAsync("A red, fast fox!");
        var download = await Page.RunAndWaitForDownloadAsync(() => Viewer.GetByLabel("Download as GIF").ClickAsync());
        Assert.Equal("a-red-fast-fox.gif", download.SuggestedFilename);
        Assert.Equal("GIF89a"u8.ToArray(), (await File.ReadAllBytesAsync(await download.PathAsync()))[..6]);
        var again = await Page.RunAndWaitForDownloadAsync(() => Viewer.GetByLabel("Download as MP4").ClickAsync());
        Assert.Equal("a-red-fast-fox.mp4", again.SuggestedFilename);
    }

    [Fact]
    public async Task ShareLink_WorksWithoutTheKey()
    {
        await Server.CompletedAsync(new { prompt = "a red fox" });
        await OpenAsync();
        await ViewAsync("a red fox");
        await Viewer.GetByText("Share link").ClickAsync();
        await Viewer.Locator(".share select").SelectOptionAsync("3600");
        await Viewer.GetByText("Make link").ClickAsync();
        var link = await Viewer.GetByLabel("Link", new() { Exact = true }).InputValueAsync();
        Assert.Contains("signature=", link, StringComparison.Ordinal);
        Assert.True(await Viewer.GetByText("it works only here").IsVisibleAsync());
        Server.Keys.Create("phone", null);
        await Server.KeysNeededAsync();
        Assert.Equal("video/mp4", (await Server.Client.GetAsync(link)).Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Copy_PutsAPngOnTheClipboard()
    {
        await Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await Server.CompletedAsync(new { prompt = "a red fox" });
        await OpenAsync();
        await ViewAsync("a red fox");
        await UntilAsync("() => document.querySelector('#viewer video')?.readyState >= 2");
        await Viewer.GetByText("Copy picture").ClickAsync();
        await Viewer.GetByText("Copied.").WaitForAsync();
        var size = await Page.EvaluateAsync<int[]>("""
            async () => {
              const [item] = await navigator.clipboard.read();
              const { width, height } = await createImageBitmap(await item.getType('image/png'));
              return [width, height];
            }
            """);
        Assert.Equal([64, 64], size);
    }

    [Fact]
    public async Task Remix_FillsTheFormWithWordsAndSettings()
    {
        await Server.CompletedAsync(new { prompt = "a red fox", seed = 99, size = "32x32", seconds = "2", guidance = 3.5, formats = new[] { "gif" } });
        await OpenAsync();
        await ViewAsync("a red fox");
        await Viewer.GetByText("Remix").ClickAsync();
        Assert.Equal("a red fox", await Prompt.InputValueAsync());
        foreach (var (field, value) in new[] { ("seed", "99"), ("size", "32x32"), ("seconds", "2"), ("guidance", "3.5"), ("formats", "gif") })
        {
            Assert.Equal(value, await Page.Locator($"#set-{field}").InputValueAsync());
        }

        await MakeAsync("a green fox");
        await CompletedAsync("a green fox");
    }

    [Fact]
    public async Task Delete_Undone_KeepsIt()
    {
        var id = await Server.CompletedAsync(new { prompt = "a red fox" });
        await OpenAsync();
        await ViewAsync("a red fox");
        await Page.Keyboard.PressAsync("Delete");
        await TileOf("a red fox").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Page.GetByText("Undo").ClickAsync();
        await CompletedAsync("a red fox");
        Assert.Equal("completed", (await Server.RetrieveAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Delete_SeveralInARow_ShowsTheNextOneEachTime()
    {
        foreach (var prompt in new[] { "fox 1", "fox 2", "fox 3" })
        {
            await Server.CompletedAsync(new { prompt });
        }

        await OpenAsync();
        await ViewAsync("fox 2");
        await Page.Keyboard.PressAsync("Delete");
        Assert.Equal("fox 1", await Viewer.Locator("h2").TextContentAsync());
        await Page.Keyboard.PressAsync("Delete");
        Assert.Equal("fox 3", await Viewer.Locator("h2").TextContentAsync());
        Assert.Equal(2, await Viewer.GetByText("Undo").CountAsync());
        await Page.Keyboard.PressAsync("Escape");
        Assert.Equal(1, await Tiles.CountAsync());
        await Page.GetByText("Undo").Last.ClickAsync();
        await CompletedAsync("fox 1");
    }

    [Fact]
    public async Task Delete_PageLeftWithoutUndo_DeletesIt()
    {
        var id = await Server.CompletedAsync(new { prompt = "a red fox" });
        await OpenAsync();
        await ViewAsync("a red fox");
        await Viewer.GetByText("Delete").ClickAsync();
        await Page.GetByText("Undo").WaitForAsync();
        Assert.Equal("completed", (await Server.RetrieveAsync(id)).GetProperty("status").GetString());
        await Page.GotoAsync("about:blank");
        await Eventually.TrueAsync(async () => (await Server.Client.GetAsync($"/v1/videos/{id}")).StatusCode == HttpStatusCode.NotFound, "the video is deleted");
    }

    [Fact]
    public async Task Loop_Transparent_IsNotShownAboveItsStill()
    {
        await Server.CompletedAsync(new { prompt = "a red fox", transparent = true, formats = new[] { "webp" } });
        await OpenAsync();
        await TileOf("a red fox").Locator("img.loop.ready").WaitForAsync();
        Assert.Equal("hidden", await TileOf("a red fox").Locator("img.still").EvaluateAsync<string>("still => getComputedStyle(still).visibility"));
    }

    [Fact]
    public async Task Motion_NotWanted_PlaysOnlyWhereTheUserPoints()
    {
        await Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await Server.CompletedAsync(new { prompt = "a red fox" });
        await OpenAsync();
        await TileOf("a red fox").Locator("img.still").WaitForAsync();
        Assert.Equal(0, await Page.Locator("video").CountAsync());
        await TileOf("a red fox").HoverAsync();
        await TileOf("a red fox").Locator("video").WaitForAsync();
        await ViewAsync("a red fox");
        await Viewer.Locator("video").WaitForAsync();
        Assert.True(await Viewer.Locator("video").EvaluateAsync<bool>("video => video.paused"));
    }

    [Fact]
    public async Task Address_OfAnOpenedClip_OpensItAfterAReload()
    {
        var id = await Server.CompletedAsync(new { prompt = "a red fox" });
        await Server.CompletedAsync(new { prompt = "a blue fox" });
        await OpenAsync($"/#{id}");
        Assert.Equal("a red fox", await Viewer.Locator("h2").TextContentAsync());
        await Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("a blue fox", await Viewer.Locator("h2").TextContentAsync());
        await ReloadAsync();
        Assert.Equal("a blue fox", await Viewer.Locator("h2").TextContentAsync());
    }
}
