using System.Globalization;
using System.Text;
using HarfBuzzSharp;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace Emu.Editing.Operations.Text;

/// <summary>Glyphs of one font, placed.</summary>
/// <param name="Font">The font.</param>
/// <param name="Glyphs">The glyphs' numbers in it.</param>
/// <param name="Points">Where each lies on the line, at a size of <see cref="TextLine.Em"/>.</param>
internal sealed record GlyphRun(TextFont Font, ushort[] Glyphs, SKPoint[] Points);

/// <summary>A line of words, shaped: runs from left to right, at a size of <see cref="Em"/>, from the point where the line begins.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Width">How far the line goes.</param>
/// <param name="Ink">What its glyphs cover; y is 0 at the baseline and grows downwards.</param>
internal sealed record TextLine(IReadOnlyList<GlyphRun> Runs, float Width, SKRect Ink)
{
    /// <summary>The size that lines are shaped at.</summary>
    public const float Em = 100f;

    /// <summary>Shapes a part of a paragraph.</summary>
    /// <exception cref="EditException">No font has one of its characters.</exception>
    public static TextLine Shape(string text, BidiText bidi, Range range)
    {
        var (start, length) = range.GetOffsetAndLength(text.Length);
        var segments = Segments(text.AsSpan(start, length), bidi.LevelsOf(range));
        var order = BidiText.VisualOrder(segments.ConvertAll(segment => segment.Level).ToArray());
        var runs = new List<GlyphRun>();
        var x = 0f;
        var ink = SKRect.Empty;
        foreach (var index in order)
        {
            x += Shape(segments[index], x, runs, ref ink);
        }
        return new TextLine(runs, x, ink);
    }

    /// <summary>A font at a size, with outlines as they were drawn.</summary>
    public static SKFont FontOf(TextFont font, float size) =>
        new(font.Typeface, size) { Subpixel = true, Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias, LinearMetrics = true };

    private static float Shape(Segment segment, float x, List<GlyphRun> runs, ref SKRect ink)
    {
        using var font = FontOf(segment.Font, Em);
        using var shaper = new SKShaper(segment.Font.Typeface);
        using var buffer = new HarfBuzzSharp.Buffer();
        buffer.AddUtf16(segment.Text);
        buffer.GuessSegmentProperties();
        buffer.Direction = (segment.Level & 1) == 1 ? Direction.RightToLeft : Direction.LeftToRight;
        var shaped = shaper.Shape(buffer, x, 0, font);
        var run = new GlyphRun(segment.Font, Array.ConvertAll(shaped.Codepoints, glyph => (ushort)glyph), shaped.Points);
        font.GetGlyphWidths(run.Glyphs, out var bounds);
        for (var i = 0; i < bounds.Length; i++)
        {
            var box = bounds[i];
            box.Offset(run.Points[i]);
            ink = box.IsEmpty ? ink : ink.IsEmpty ? box : SKRect.Union(ink, box);
        }
        runs.Add(run);
        return shaped.Width;
    }

    /// <summary>Neighbours of one font and direction, in the order they are read.</summary>
    private static List<Segment> Segments(ReadOnlySpan<char> text, byte[] levels)
    {
        var segments = new List<Segment>();
        var current = new StringBuilder();
        (TextFont Font, byte Level)? open = null;
        for (var i = 0; i < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text[i..]);
            var grapheme = text.Slice(i, length);
            var font = TextFonts.Shared.Of(grapheme, open?.Font);
            if (open is { } last && (last.Font != font || last.Level != levels[i]))
            {
                segments.Add(new Segment(current.ToString(), last.Font, last.Level));
                current.Clear();
            }
            open = (font, levels[i]);
            foreach (var rune in grapheme.EnumerateRunes())
            {
                if (!TextFont.IsModifier(rune) || font.Has(rune))
                {
                    current.Append(rune.ToString());
                }
            }
            i += length;
        }
        if (open is { } end)
        {
            segments.Add(new Segment(current.ToString(), end.Font, end.Level));
        }
        // What consists of nothing but joiners has no glyphs.
        segments.RemoveAll(segment => segment.Text.Length == 0);
        return segments;
    }

    private sealed record Segment(string Text, TextFont Font, byte Level);
}
