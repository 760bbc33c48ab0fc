using Emu.Studio.Tests.Browser;

namespace Emu.Studio.Tests;

public sealed class BatchTests(StudioBrowser browser) : StudioTest(browser)
{
    [Fact]
    public async Task List_Pasted_FillsAGridAlsoAfterAReload()
    {
        await OpenAsync();
        await PasteAsync("a red fox\n\n  a slow fox\n<b>a bold fox</b>\n");
        Assert.Equal("Make 3", await Page.Locator("#go").TextContentAsync());
        await Page.Locator("#go").ClickAsync();
        await Page.Locator("#batch").GetByText("a slow fox").WaitForAsync();
        await ReloadAsync();
        await Page.GetByText("3 of 3 done").WaitForAsync();
        Assert.Equal(["a red fox", "a slow fox", "<b>a bold fox</b>"], await Page.Locator("#batch .caption").AllTextContentsAsync());
        Assert.Equal(0, await Tiles.CountAsync());
        await Page.GetByText("Move to the gallery").ClickAsync();
        await UntilAsync("() => document.querySelectorAll('#gallery > [data-status=completed]').length === 3");
        Assert.True(await Page.Locator("#batch").IsHiddenAsync());
    }

    [Fact]
    public async Task List_Dropped_IsTakenAsPrompts()
    {
        await OpenAsync();
        await Page.EvaluateAsync("""
            () => {
              const data = new DataTransfer();
              data.items.add(new File(['one\r\ntwo\r\n'], 'list.txt', { type: 'text/plain' }));
              document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
            }
            """);
        await UntilAsync("() => document.querySelector('#prompt').value === 'one\\ntwo'");
        Assert.Equal("true", await Page.Locator("#many").GetAttributeAsync("aria-pressed"));
    }

    [Fact]
    public async Task Line_Refused_SaysWhyInItsPlaceAndTheOthersAreMade()
    {
        await OpenAsync();
        await PasteAsync($"a red fox\n{new string('a', 1001)}\na blue fox");
        await Page.Keyboard.PressAsync("Control+Enter");
        await Page.GetByText("3 of 3 done").WaitForAsync();
        Assert.Contains("1001 characters", await Page.Locator("#batch .problem").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(2, await Page.Locator("#batch [data-status=completed]").CountAsync());
    }

    [Fact]
    public async Task Cancel_TheRest_EndsThem()
    {
        await OpenAsync();
        await PasteAsync("a slow fox\na slow cat\na slow dog");
        await Page.Locator("#go").ClickAsync();
        await UntilAsync("() => document.querySelectorAll('#batch .tile[data-status]').length === 3");
        await Page.GetByText("Cancel the rest").ClickAsync();
        await Page.GetByText("3 of 3 done").WaitForAsync();
        Assert.Equal(3, await Page.Locator("#batch").GetByText("Cancelled", new() { Exact = true }).CountAsync());
        await Server.IdleAsync();
    }

    private async Task PasteAsync(string text) => await Page.EvaluateAsync(
        """
        text => {
          const data = new DataTransfer();
          data.setData('text/plain', text);
          document.querySelector('#prompt').focus();
          document.querySelector('#prompt').dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
        }
        """,
        text);
}
