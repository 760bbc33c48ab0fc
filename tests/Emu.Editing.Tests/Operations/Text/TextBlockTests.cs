using Emu.Editing.Operations;
using Emu.Editing.Operations.Text;

namespace Emu.Editing.Tests.Operations.Text;

public sealed class TextBlockTests
{
    [Fact]
    public void Fit_WideRegion_IsOneLine()
    {
        var block = new TextWrapping("Happy birthday").Fit(1000, 100, double.MaxValue, out var scale);

        Assert.Single(block.Lines);
        Assert.True(block.Width * scale <= 1000.01 && block.Height * scale <= 100.01);
    }

    [Fact]
    public void Fit_SquareRegion_BreaksIntoEvenLines()
    {
        var block = new TextWrapping("one two six ten one two six ten").Fit(300, 300, double.MaxValue, out var scale);

        Assert.InRange(block.Lines.Count, 3, 5);
        Assert.True(block.Lines.Min(line => line.Width) > 0.5 * block.Width);
        var single = new TextWrapping("one two six ten one two six ten").Fit(10_000, 10, double.MaxValue, out _);
        Assert.True(scale > 300 / single.Width);
    }

    [Fact]
    public void Fit_LineBreak_Stays()
    {
        var block = new TextWrapping("Hello\nWorld").Fit(10_000, 100, double.MaxValue, out _);

        Assert.Equal(2, block.Lines.Count);
    }

    [Fact]
    public void Fit_Most_TakesTheFewestLinesThatReachIt()
    {
        var block = new TextWrapping("one two six").Fit(2000, 2000, 1, out var scale);

        Assert.Equal(1, scale);
        Assert.Single(block.Lines);
    }

    [Fact]
    public void Shape_Hebrew_RunsFromRightToLeft()
    {
        var text = "אב";
        var line = TextLine.Shape(text, new BidiText(text), 0..2);
        var alef = TextLine.Shape("א", new BidiText("א"), 0..1);

        var run = Assert.Single(line.Runs);
        var last = Array.IndexOf(run.Glyphs, alef.Runs[0].Glyphs[0]);
        Assert.Equal(run.Points.Max(point => point.X), run.Points[last].X);
    }

    [Fact]
    public void Shape_Arabic_JoinsLetters()
    {
        var (joined, alone) = ("ببب", "ب");
        var line = TextLine.Shape(joined, new BidiText(joined), 0..3);
        var single = TextLine.Shape(alone, new BidiText(alone), 0..1);

        // First, middle and last form differ (their dot may be a glyph of its own), and a joined letter is narrower than one alone.
        Assert.InRange(line.Runs[0].Glyphs.Distinct().Count(), 3, 4);
        Assert.True(line.Width < 3 * single.Width * 0.9);
    }

    [Fact]
    public void Shape_Kerning_BringsLettersCloser()
    {
        static float Width(string text) => TextLine.Shape(text, new BidiText(text), 0..text.Length).Width;

        Assert.True(Width("AV") < Width("A") + Width("V") - 1);
    }

    [Theory]
    [InlineData("Ždár", 1)]
    [InlineData("Καλημέρα мир", 1)]
    [InlineData("ok 👍", 2)]
    [InlineData("❤️", 1)]
    [InlineData("👍🏽", 1)]
    [InlineData("abc שלום", 2)]
    [InlineData("🗺", 1)]
    public void Shape_MixedScripts_TakesAFontForEach(string text, int fonts)
    {
        var line = TextLine.Shape(text, new BidiText(text), 0..text.Length);

        Assert.Equal(fonts, line.Runs.Select(run => run.Font).Distinct().Count());
        Assert.All(line.Runs, run => Assert.DoesNotContain((ushort)0, run.Glyphs));
    }

    [Fact]
    public void Shape_UnknownCharacter_IsNamed()
    {
        var exception = Assert.Throws<EditException>(() => new TextWrapping("hello 漢"));

        Assert.Contains("漢", exception.Message, StringComparison.Ordinal);
        Assert.Contains("U+6F22", exception.Message, StringComparison.Ordinal);
    }
}
