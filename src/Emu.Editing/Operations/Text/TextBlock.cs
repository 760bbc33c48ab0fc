using SkiaSharp;

namespace Emu.Editing.Operations.Text;

/// <summary>Words in lines, at a size of <see cref="TextLine.Em"/>.</summary>
/// <param name="Lines">The lines, from top to bottom.</param>
internal sealed record TextBlock(IReadOnlyList<TextLine> Lines)
{
    /// <summary>The letters' height (of a capital) as a share of the size.</summary>
    public const float Capital = 0.714f;

    // The distance of baselines: Arabic and accents on capitals need this much.
    private const float Leading = 1.22f * TextLine.Em;

    /// <summary>The widest line's width.</summary>
    public float Width { get; } = Math.Max(1f, Lines.Max(line => line.Width));

    /// <summary>The first line's ink above its baseline.</summary>
    public float Ascent { get; } = Math.Max(Capital * TextLine.Em, -Lines[0].Ink.Top);

    /// <summary>From the top of the first line's ink to the bottom of the last one's.</summary>
    public float Height { get; } = Math.Max(Capital * TextLine.Em, -Lines[0].Ink.Top) + ((Lines.Count - 1) * Leading) + Math.Max(0, Lines[^1].Ink.Bottom);

    /// <summary>Where a line begins.</summary>
    /// <param name="index">Which line.</param>
    /// <param name="align">0 at the left, 0.5 centred, 1 at the right.</param>
    public SKPoint Start(int index, double align) => new((float)((Width - Lines[index].Width) * align), Ascent + (index * Leading));
}

/// <summary>Breaks words into lines so that they become as large as they can.</summary>
internal sealed class TextWrapping
{
    private readonly List<(string Text, BidiText Bidi, Range[] Words, float[] Widths, float Space)> _paragraphs = [];

    /// <summary>Measures the words.</summary>
    /// <param name="words">The words; line breaks in them stay.</param>
    /// <exception cref="EditException">No font has one of the characters.</exception>
    public TextWrapping(string words)
    {
        foreach (var line in words.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Length == 0)
            {
                continue;
            }
            var text = string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            var bidi = new BidiText(text);
            var ranges = Words(text);
            _paragraphs.Add((text, bidi, ranges, Array.ConvertAll(ranges, range => TextLine.Shape(text, bidi, range).Width), TextLine.Em * 0.26f));
        }
    }

    /// <summary>The lines whose letters become largest in a region.</summary>
    /// <param name="width">The region's width.</param>
    /// <param name="height">The region's height.</param>
    /// <param name="most">How much larger than <see cref="TextLine.Em"/> they may become; of all ways that reach it, the one with the fewest lines.</param>
    /// <param name="scale">How much larger they become.</param>
    public TextBlock Fit(double width, double height, double most, out double scale)
    {
        TextBlock? best = null;
        scale = 0;
        foreach (var limit in Limits())
        {
            var block = new TextBlock(
                [.. _paragraphs.SelectMany(paragraph => Broken(paragraph.Words, paragraph.Widths, paragraph.Space, limit).Select(range => TextLine.Shape(paragraph.Text, paragraph.Bidi, range)))]);
            var size = Math.Min(most, Math.Min(width / block.Width, height / block.Height));
            if (size > scale * 1.001)
            {
                (best, scale) = (block, size);
            }
        }
        return best!;
    }

    /// <summary>Widths worth trying: for every number of lines, the least that needs no more.</summary>
    private IEnumerable<float> Limits()
    {
        var whole = _paragraphs.Max(paragraph => paragraph.Widths.Sum() + (paragraph.Space * (paragraph.Widths.Length - 1))) + 1;
        var longest = _paragraphs.Max(paragraph => paragraph.Widths.Max());
        yield return whole;
        for (var count = 2; count <= Math.Min(12, _paragraphs.Max(paragraph => paragraph.Words.Length)); count++)
        {
            var (low, high) = (longest, whole);
            for (var step = 0; step < 24; step++)
            {
                var middle = (low + high) / 2;
                (low, high) = _paragraphs.Max(paragraph => Broken(paragraph.Words, paragraph.Widths, paragraph.Space, middle).Count) <= count ? (low, middle) : (middle, high);
            }
            yield return high;
        }
    }

    private static List<Range> Broken(Range[] words, float[] widths, float space, float limit)
    {
        var lines = new List<Range>();
        var (first, width) = (0, widths[0]);
        for (var i = 1; i < words.Length; i++)
        {
            if (width + space + widths[i] > limit)
            {
                lines.Add(words[first].Start..words[i - 1].End);
                (first, width) = (i, widths[i]);
            }
            else
            {
                width += space + widths[i];
            }
        }
        lines.Add(words[first].Start..words[^1].End);
        return lines;
    }

    private static Range[] Words(string text)
    {
        var ranges = new List<Range>();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = text.IndexOf(' ', start);
            end = end < 0 ? text.Length : end;
            ranges.Add(start..end);
        }
        return [.. ranges];
    }
}
