using System.Globalization;
using Emu.Media.Pictures;
using Emu.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Emu.Studio.Tests;

/// <summary>The brush: what is painted is the mask that the server gets.</summary>
public sealed class EditBrushTests(StudioBrowser browser) : EditTest(browser)
{
    private ILocator Canvas => Page.Locator(".brush canvas");

    [Fact]
    public async Task Brush_Mouse_OnlyWhatIsPaintedChanges()
    {
        await OpenEditAsync();
        await Page.Locator("#edit-paint").ClickAsync();
        await StrokeAsync(0.1f, 0.25f, 0.4f, 0.25f);
        await InstructedAsync("make the marked area blue", 2);
        await AssertOnlyTheFirstSquareIsBlueAsync();
        Assert.Matches(@"^\d+(\.\d)? % of the pixels stayed exactly as they were, bit for bit\.$", await Page.Locator(".kept").TextContentAsync());
        var mask = await PictureOfAsync(2, "mask");
        Assert.Equal(PictureColor.White, mask[Side / 4, Side / 4]);
        Assert.Equal(PictureColor.Black, mask[Side * 3 / 4, Side * 3 / 4]);

        await Page.Locator("#edit-mask").ClickAsync();
        await Page.Locator(".compare canvas.mask").WaitForAsync();
        var tints = await Page.EvaluateAsync<int[]>("""
            () => {
              const canvas = document.querySelector('canvas.mask');
              const alpha = (x, y) => canvas.getContext('2d').getImageData(x * canvas.width, y * canvas.height, 1, 1).data[3];
              return [alpha(0.25, 0.25), alpha(0.75, 0.75)];
            }
            """);
        Assert.InRange(tints[0], 100, 255);
        Assert.Equal(0, tints[1]);
    }

    [Fact]
    public async Task Brush_Keyboard_Paints()
    {
        await OpenEditAsync();
        await Page.Locator("#edit-paint").FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await UntilAsync("() => document.activeElement.matches('.brush canvas')");
        for (var step = 0; step < 3; step++)
        {
            await Page.Keyboard.PressAsync("Shift+ArrowLeft");
            await Page.Keyboard.PressAsync("Shift+ArrowUp");
        }

        await Page.Keyboard.DownAsync(" ");
        await Page.Keyboard.PressAsync("ArrowLeft");
        await Page.Keyboard.UpAsync(" ");
        await InstructedAsync("make the marked area blue", 2);
        Assert.NotEqual(Squares()[Side * 14 / 100, Side * 14 / 100], (await PictureOfAsync(2))[Side * 14 / 100, Side * 14 / 100]);
        Assert.Equal(Squares()[Side * 3 / 4, Side * 3 / 4], (await PictureOfAsync(2))[Side * 3 / 4, Side * 3 / 4]);
    }

    [Fact]
    public async Task Brush_Touch_UndoEraseAndClear()
    {
        await OpenEditAsync();
        await Page.Locator("#edit-paint").ClickAsync();
        var hint = Page.Locator("#instruction-hint");
        Assert.Equal("Paint over what should change. Starts from the original.", await hint.TextContentAsync());
        await TouchAsync(0.25f, 0.25f, 0.5f, 0.25f);
        Assert.Equal("Only what you painted changes. Starts from the original.", await hint.TextContentAsync());
        var scrolled = await Page.EvaluateAsync<double>("() => scrollY");
        Assert.True(await PaintedAsync(0.3f, 0.25f));
        Assert.False(await PaintedAsync(0.75f, 0.75f));
        await TouchAsync(0.75f, 0.75f, 0.8f, 0.75f);
        await Page.GetByText("Undo stroke").ClickAsync();
        Assert.False(await PaintedAsync(0.75f, 0.75f));
        await Page.Locator(".tools").GetByText("Erase").ClickAsync(new() { Force = true });
        await StrokeAsync(0.2f, 0.25f, 0.3f, 0.25f);
        Assert.False(await PaintedAsync(0.25f, 0.25f));
        Assert.True(await PaintedAsync(0.5f, 0.25f));
        await Page.GetByText("Clear", new() { Exact = true }).ClickAsync();
        Assert.False(await PaintedAsync(0.5f, 0.25f));
        Assert.Equal(scrolled, await Page.EvaluateAsync<double>("() => scrollY"));
    }

    [Fact]
    public async Task Brush_AfterAnError_KeepsWhatIsPainted()
    {
        await OpenEditAsync();
        await Page.Locator("#edit-paint").ClickAsync();
        await StrokeAsync(0.1f, 0.25f, 0.4f, 0.25f);
        await InstructAsync("asdf qwer");
        await InstructionError.WaitForAsync();
        Assert.True(await PaintedAsync(0.25f, 0.25f));
        await InstructedAsync("make the marked area blue", 2);
        await AssertOnlyTheFirstSquareIsBlueAsync();
    }

    [Fact]
    public async Task Brush_AfterAReload_KeepsWhatIsPainted()
    {
        await OpenEditAsync();
        await Page.Locator("#edit-paint").ClickAsync();
        await StrokeAsync(0.1f, 0.25f, 0.4f, 0.25f);
        await StrokeAsync(0.6f, 0.75f, 0.8f, 0.75f);
        await Page.GetByText("Undo stroke").ClickAsync();
        await Page.ReloadAsync();
        await Canvas.WaitForAsync();
        Assert.True(await PaintedAsync(0.25f, 0.25f));
        Assert.False(await PaintedAsync(0.7f, 0.75f));
        Assert.Equal("Only what you painted changes. Starts from the original.", await Page.Locator("#instruction-hint").TextContentAsync());
        await InstructedAsync("make the marked area blue", 2);
        await AssertOnlyTheFirstSquareIsBlueAsync();
        await Page.Locator("#edit-paint").ClickAsync();
        await Page.GetByText("Clear", new() { Exact = true }).ClickAsync();
        await Page.ReloadAsync();
        await Canvas.WaitForAsync();
        Assert.False(await PaintedAsync(0.25f, 0.25f));
    }

    private async Task AssertOnlyTheFirstSquareIsBlueAsync()
    {
        var (before, after) = (Squares(), await PictureOfAsync(2));
        var painted = after[Side / 4, Side / 4];
        Assert.True(painted.Blue > painted.Red && painted.Blue > painted.Green, painted.ToString());
        for (var y = Side / 2; y < Side; y++)
        {
            Assert.True(before.Row(y).SequenceEqual(after.Row(y)), $"row {y}");
        }
    }

    private async Task StrokeAsync(float fromX, float fromY, float toX, float toY)
    {
        var box = await Canvas.BoundingBoxAsync() ?? throw new InvalidOperationException("There is no canvas.");
        await Page.Mouse.MoveAsync(box.X + box.Width * fromX, box.Y + box.Height * fromY);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + box.Width * toX, box.Y + box.Height * toY, new() { Steps = 5 });
        await Page.Mouse.UpAsync();
    }

    // The browser makes pointer events of touches, as of a finger's.
    private async Task TouchAsync(float fromX, float fromY, float toX, float toY)
    {
        var box = await Canvas.BoundingBoxAsync() ?? throw new InvalidOperationException("There is no canvas.");
        var session = await Context.NewCDPSessionAsync(Page);
        Dictionary<string, object> Touch(string type, params object[] points) => new() { ["type"] = type, ["touchPoints"] = points };
        object Point(float x, float y) => new Dictionary<string, object> { ["x"] = box.X + box.Width * x, ["y"] = box.Y + box.Height * y };
        await session.SendAsync("Input.dispatchTouchEvent", Touch("touchStart", Point(fromX, fromY)));
        await session.SendAsync("Input.dispatchTouchEvent", Touch("touchMove", Point((fromX + toX) / 2, (fromY + toY) / 2)));
        await session.SendAsync("Input.dispatchTouchEvent", Touch("touchMove", Point(toX, toY)));
        await session.SendAsync("Input.dispatchTouchEvent", Touch("touchEnd"));
        await session.DetachAsync();
    }

    private Task<bool> PaintedAsync(float x, float y) => Canvas.EvaluateAsync<bool>(string.Create(
        CultureInfo.InvariantCulture,
        $"canvas => canvas.getContext('2d').getImageData(Math.floor({x} * canvas.width), Math.floor({y} * canvas.height), 1, 1).data[3] > 128"));
}
