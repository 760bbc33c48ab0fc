using System.Globalization;

namespace Emu.Pipeline.Jobs;

/// <summary>Measures texts in what their readers count as characters: an emoji or a letter with its accents is one, however it is stored.</summary>
public static class TextLength
{
    // Longer than any character in use. Without a bound, one letter with a million accents would be a short text.
    private const int MaximumUnits = 16;

    /// <summary>The number of characters (Unicode text elements).</summary>
    public static int Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new StringInfo(text).LengthInTextElements;
    }

    /// <summary>Whether a text has more than a number of characters.</summary>
    public static bool Exceeds(string text, int maximum)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > maximum && (text.Length > (long)maximum * MaximumUnits || Of(text) > maximum);
    }

    /// <summary>A text's length in words, for a message.</summary>
    public static string Describe(string text)
    {
        var (count, units) = (Of(text), text.Length);
        return units > (long)count * MaximumUnits ? $"{count} characters in {units} parts" : $"{count} characters";
    }

    /// <summary>A text's first characters, with an ellipsis if there are more.</summary>
    public static string Shorten(string text, int maximum)
    {
        if (!Exceeds(text, maximum))
        {
            return text;
        }

        var end = 0;
        for (var count = 0; count < maximum && StringInfo.GetNextTextElementLength(text.AsSpan(end)) is > 0 and <= MaximumUnits and var length; count++)
        {
            end += length;
        }

        return string.Concat(text.AsSpan(0, end), "…");
    }
}
