using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

public sealed class EditTests(StudioBrowser browser) : EditTest(browser)
{
    [Fact]
    public async Task Instructions_MakeVersionsThatBranchAndCanBeUndone()
    {
        await OpenEditAsync();
        await InstructedAsync("make it black and white", 2);
        Assert.Equal("", await Instruction.InputValueAsync());
        await InstructedAsync("rotate it 90 degrees", 3);
        await Versions.Nth(1).ClickAsync();
        Assert.Equal("Starts from version 2.", await Page.Locator("#instruction-hint").TextContentAsync());
        await InstructedAsync("make it sepia", 4);
        Assert.Equal(["Original", "Version 2", "Version 3", "Version 4, from 2"], await Versions.Locator(".name").AllTextContentsAsync());
        Assert.Equal([null, 1, 2, 2], (await SessionAsync()).GetProperty("versions").EnumerateArray().Select(FromOf));

        await Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Undo", Exact = true }).ClickAsync();
        await MadeAsync(2);
        Assert.Equal(2, (await SessionAsync()).GetProperty("current").GetInt32());
        Assert.Equal(4, await Versions.CountAsync());
    }

    [Fact]
    public async Task Example_Click_IsMade()
    {
        await OpenEditAsync();
        await Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "make it black and white", Exact = true }).ClickAsync();
        await MadeAsync(2);
        var pixel = (await PictureOfAsync(2))[10, 10];
        Assert.Equal((pixel.Red, pixel.Red), (pixel.Green, pixel.Blue));
    }

    [Fact]
    public async Task Sayings_AreTheServersAndFillTheField()
    {
        await OpenEditAsync();
        await Page.Locator(".says summary").ClickAsync();
        await Page.Locator(".says [data-task]").First.WaitForAsync();
        var tasks = (await Server.Client.GetAsync("/v1/edits/tasks").JsonAsync()).GetProperty("data").EnumerateArray().Where(task => !task.GetProperty("needs_model").GetBoolean()).ToList();
        Assert.Equal(tasks.Select(task => task.GetProperty("id").GetString()), await Page.Locator(".says [data-task]").EvaluateAllAsync<string[]>("tabs => tabs.map((tab) => tab.dataset.task)"));
        await Page.Locator(".says [data-task=global]").ClickAsync();
        var global = tasks.First(task => task.GetProperty("id").GetString() == "global").GetProperty("operations").EnumerateArray();
        Assert.Equal(global.Select(operation => operation.GetProperty("summary").GetString()), await Page.Locator(".wordings span").AllTextContentsAsync());
        await Page.Locator(".wordings").GetByText("make it sepia").ClickAsync();
        Assert.Equal("make it sepia", await Instruction.InputValueAsync());
        await Page.Locator(".wordings").GetByText("add a vignette").ClickAsync();
        Assert.Equal("add a vignette", await Instruction.InputValueAsync());
        await Instruction.FillAsync("make it warmer");
        await Page.Locator(".wordings").GetByText("add a vignette").ClickAsync();
        await InstructedAsync("make it warmer\nadd a vignette", 2);
        Assert.Equal(2, (await SessionAsync()).GetProperty("versions")[1].GetProperty("plan").GetArrayLength());
    }

    [Fact]
    public async Task Slider_Keyboard_MovesBetweenAnyTwoVersions()
    {
        await OpenEditAsync();
        Assert.Equal(0, await Slider.CountAsync());
        await InstructedAsync("make it black and white", 2);
        await Slider.FocusAsync();
        Assert.Equal("50 percent Original, 50 percent Version 2", await Slider.GetAttributeAsync("aria-valuetext"));
        await Page.Keyboard.PressAsync("Home");
        Assert.Equal("0", await Slider.GetAttributeAsync("aria-valuenow"));
        await Page.Keyboard.PressAsync("ArrowRight");
        await Page.Keyboard.PressAsync("PageUp");
        Assert.Equal("12", await Slider.GetAttributeAsync("aria-valuenow"));
        await Page.Keyboard.PressAsync("End");
        Assert.Equal("100", await Slider.GetAttributeAsync("aria-valuenow"));

        await InstructedAsync("make it warmer", 3);
        await Page.Locator("#edit-compare").SelectOptionAsync("2");
        await UntilAsync("() => document.querySelector('[role=slider]').getAttribute('aria-valuetext') === '100 percent Version 2, 0 percent Version 3'");
        await Page.Locator("#edit-compare").SelectOptionAsync("");
        await Slider.WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task Instruction_NotUnderstood_StaysWithTheServersWords()
    {
        await OpenEditAsync();
        await InstructAsync("asdf qwer");
        await InstructionError.WaitForAsync();
        var session = (await SessionAsync()).GetProperty("id").GetString();
        var refused = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(Server.Client, $"/v1/edits/{session}/versions", new { instruction = "asdf qwer" });
        Assert.Equal((await refused.ErrorAsync(System.Net.HttpStatusCode.BadRequest)).Message, await InstructionError.TextContentAsync());
        Assert.Equal("asdf qwer", await Instruction.InputValueAsync());
        Assert.Equal("true", await Instruction.GetAttributeAsync("aria-invalid"));
        Assert.Equal("instruction", await Page.EvaluateAsync<string>("() => document.activeElement.id"));
        Assert.Equal(1, (await SessionAsync()).GetProperty("versions").GetArrayLength());

        await ReloadAsync();
        Assert.Equal("asdf qwer", await Instruction.InputValueAsync());
        await InstructedAsync("make it black and white", 2);
    }

    [Fact]
    public async Task Reload_InTheMiddle_GoesOnWhereItWas()
    {
        await OpenEditAsync(SlowPicture());
        await InstructAsync("make the background pink");
        await Page.Locator(".compare [role=progressbar][aria-valuetext^='Finding the subject, ']").WaitForAsync();
        await ReloadAsync();
        await Page.Locator(".compare [role=progressbar][aria-valuetext^='Finding the subject, ']").WaitForAsync();
        Assert.Equal("make the background pink", await Instruction.InputValueAsync());
        Server.Finder.Gate.SetResult();
        await MadeAsync(2);
        Assert.Equal("", await Instruction.InputValueAsync());
        Assert.Equal(2, (await SessionAsync()).GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Cancel_WhileItIsMade_LeavesTheInstruction()
    {
        await OpenEditAsync(SlowPicture());
        await InstructAsync("make the background pink");
        await Page.Locator(".compare").GetByLabel("Cancel").ClickAsync();
        await Page.Locator(".edit-about h2").GetByText("Original").WaitForAsync();
        Assert.Equal("make the background pink", await Instruction.InputValueAsync());
        Assert.True(await InstructionError.IsHiddenAsync());
        Assert.Equal(1, await Page.Locator("#edit .version:not([hidden])").CountAsync());
        await Server.IdleAsync();
    }

    [Fact]
    public async Task Formats_AreMadeWhenTheyAreDownloaded()
    {
        await OpenEditAsync();
        await InstructedAsync("make it black and white", 2);
        var jpeg = await Page.RunAndWaitForDownloadAsync(() => Page.GetByLabel("Download as JPEG").ClickAsync());
        Assert.Equal("make-it-black-and-white.jpg", jpeg.SuggestedFilename);
        Assert.Equal([0xff, 0xd8], (await File.ReadAllBytesAsync(await jpeg.PathAsync()))[..2]);
    }

    [Fact]
    public async Task ShareLink_OfAVersion_Works()
    {
        await OpenEditAsync();
        await InstructedAsync("make it black and white", 2);
        await Page.GetByText("Share link").ClickAsync();
        await Page.GetByText("Make link").ClickAsync();
        var link = await Page.GetByLabel("Link", new() { Exact = true }).InputValueAsync();
        Server.Keys.Create("phone", null);
        await Server.KeysNeededAsync();
        Assert.Equal("image/png", (await Server.Client.GetAsync(link)).Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Animate_BeginsAClipFromTheVersion()
    {
        await OpenEditAsync();
        await InstructedAsync("make it black and white", 2);
        await Page.GetByText("Animate this").ClickAsync();
        await Page.Locator("#first img").WaitForAsync();
        Assert.True(await Page.Locator("#kinds input[value=video]").IsCheckedAsync());
        await MakeAsync("it waves");
        await CompletedAsync("it waves");
        var clip = Assert.Single((await Server.Client.GetAsync("/v1/videos").JsonAsync()).GetProperty("data").EnumerateArray());
        Assert.True(clip.GetProperty("has_input_reference").GetBoolean());
    }

    [Fact]
    public async Task Deleted_IsGoneFromTheGalleryAndTheServer()
    {
        await OpenEditAsync();
        await InstructedAsync("make it black and white", 2);
        await Page.GetByText("Delete all versions").ClickAsync();
        await Page.Locator("#toasts button").ClickAsync();
        await TileOf("make it black and white").Locator("button.ground").ClickAsync();
        await MadeAsync(2);
        await Page.GetByText("Delete all versions").ClickAsync();
        await Page.ReloadAsync();
        await Eventually.TrueAsync(async () => (await Server.Client.GetAsync("/v1/edits").JsonAsync()).GetProperty("data").GetArrayLength() == 0, "the session is deleted");
    }

    [Fact]
    public async Task TwoTabs_InstructedAtTheSameTime_ShowBothVersions()
    {
        await OpenEditAsync();
        var other = await NewPageAsync();
        await OpenAsync(other, Page.Url);
        await other.Locator("#instruction").FillAsync("add a vignette");
        await Instruction.FillAsync("make it sepia");
        await Task.WhenAll(Instruction.PressAsync("Enter"), other.Locator("#instruction").PressAsync("Enter"));
        foreach (var page in new[] { Page, other })
        {
            await page.WaitForFunctionAsync("() => document.querySelectorAll('.version:not(.active) .thumb img').length === 3 && document.querySelector('#instruction').value === ''");
        }

        Assert.Equal([null, 1, 1], (await SessionAsync()).GetProperty("versions").EnumerateArray().Select(FromOf));
    }

    private static int? FromOf(JsonElement version) => version.GetProperty("from") is { ValueKind: JsonValueKind.Number } from ? from.GetInt32() : null;
}
