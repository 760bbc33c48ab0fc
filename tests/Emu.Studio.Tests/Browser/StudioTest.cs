using System.Collections.Concurrent;
using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Emu.Api.Tests.Server;
using Microsoft.Playwright;

namespace Emu.Studio.Tests.Browser;

/// <summary>
/// A test of the page in a browser, on a server of its own. Whatever a test does: no script may fail, the Content-Security-Policy may
/// not be violated, and no request may leave the server.
/// </summary>
public abstract class StudioTest(StudioBrowser browser) : IAsyncLifetime
{
    /// <summary>A script that makes a PNG of 48 pixels in the page and hands it over in an event, as the browser does for the user's files.</summary>
    protected const string Hand = """
        async (kind) => {
          const canvas = new OffscreenCanvas(48, 48);
          canvas.getContext('2d').fillRect(8, 8, 24, 24);
          const data = new DataTransfer();
          data.items.add(new File([await canvas.convertToBlob()], 'cat.png', { type: 'image/png' }));
          const options = { bubbles: true, cancelable: true };
          if (kind === 'paste') document.querySelector('#prompt').dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
          else for (const name of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(name, { ...options, dataTransfer: data }));
        }
        """;

    private readonly ConcurrentQueue<string> _problems = new();
    private IBrowserContext? _context;
    private IPage? _page;

    /// <summary>The server.</summary>
    protected PipelineServer Server { get; private protected init; } = new();

    /// <summary>The page, which is not opened yet.</summary>
    protected IPage Page => _page ?? throw new InvalidOperationException("There is no page.");

    /// <summary>The page's profile.</summary>
    protected IBrowserContext Context => _context ?? throw new InvalidOperationException("There is no browser.");

    /// <summary>How the browser is set up.</summary>
    protected virtual BrowserNewContextOptions ContextOptions => new();

    protected ILocator Prompt => Page.Locator("#prompt");

    protected ILocator Viewer => Page.Locator("#viewer");

    protected ILocator Tiles => Page.Locator("#gallery > .tile");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(StudioBrowser.Program is not null, "chromium is not installed (Debian: apt-get install chromium)");
        await Server.InitializeAsync();
        var options = ContextOptions;
        options.BaseURL = Server.Address.ToString();
        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 900 };
        _context = await browser.NewContextAsync(options);
        _context.SetDefaultTimeout(60_000);
        _page = await NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        await Server.DisposeAsync();
        Assert.Empty(_problems);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the page and waits until it can be used.</summary>
    protected Task OpenAsync(string path = "/") => OpenAsync(Page, path);

    /// <summary>Opens the page in a tab and waits until it can be used.</summary>
    protected static async Task OpenAsync(IPage page, string path = "/")
    {
        await page.GotoAsync(path);
        await ReadyAsync(page);
    }

    /// <summary>Another tab of the same browser.</summary>
    protected async Task<IPage> NewPageAsync()
    {
        var page = await Context.NewPageAsync();
        page.PageError += (_, error) => _problems.Enqueue($"error: {error}");
        page.Console += (_, message) => Note(message);
        page.Request += (_, request) => Note(new Uri(request.Url));
        return page;
    }

    /// <summary>Reloads the page and waits until it can be used.</summary>
    protected async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await ReadyAsync(Page);
    }

    /// <summary>Types a prompt and presses Enter.</summary>
    protected async Task MakeAsync(string prompt)
    {
        // Before the page is ready, Enter does nothing.
        await Page.Locator("html[data-ready=true]").WaitForAsync();
        await Prompt.FillAsync(prompt);
        await Prompt.PressAsync("Enter");
    }

    /// <summary>The tile of a prompt.</summary>
    protected ILocator TileOf(string prompt) => Page.Locator(".tile", new PageLocatorOptions { Has = Page.GetByText(prompt, new PageGetByTextOptions { Exact = true }) });

    /// <summary>Waits for a tile's job to end well.</summary>
    protected async Task CompletedAsync(string prompt) => await TileOf(prompt).And(Page.Locator("[data-status=completed]")).WaitForAsync();

    /// <summary>Waits until a script gives true.</summary>
    protected async Task UntilAsync(string script) => await Page.WaitForFunctionAsync(script);

    /// <summary>Opens a completed job's viewer.</summary>
    protected async Task ViewAsync(string prompt)
    {
        await CompletedAsync(prompt);
        await TileOf(prompt).Locator("button.ground").ClickAsync();
        await Viewer.Locator("h2").WaitForAsync();
    }

    /// <summary>How many pixels the page is wider than the window.</summary>
    protected Task<int> SidewaysAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Asserts that axe finds nothing serious in what is shown.</summary>
    protected async Task AssertAccessibleAsync(string view)
    {
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        var serious = result.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}");
        Assert.True(!serious.Any(), $"{view}: {string.Join(Environment.NewLine, serious)}");
    }

    private static Task ReadyAsync(IPage page) => page.Locator("html[data-ready]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

    private void Note(IConsoleMessage message)
    {
        // Chromium itself reports each refused request (400, 401, …) and lost connection as an error: tests assert what becomes of them.
        var isExpected = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);
        if (message.Type is "error" or "warning" && !isExpected)
        {
            _problems.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{message.Type}: {message.Text}"));
        }
    }

    private void Note(Uri url)
    {
        if (url.Scheme is "http" or "https" or "ws" or "wss" && url.Authority != Server.Address.Authority)
        {
            _problems.Enqueue($"request to {url}");
        }
    }
}
