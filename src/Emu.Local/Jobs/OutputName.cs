using System.Globalization;
using System.Text;
using Emu.Pipeline.Files;

namespace Emu.Local.Jobs;

/// <summary>The names of files that the user did not name: the prompt's words and the seed.</summary>
internal static class OutputName
{
    private const int MaximumElements = 60;

    // A name has at most 255 bytes on most file systems; the seed, the number and the extension need some.
    private const int MaximumBytes = 180;

    /// <summary>
    /// A file name made of the prompt's words and the seed: <c>a-duck-on-a-blue-background-7.mp4</c>. Letters, digits and emoji of every
    /// script stay, composed (NFC) and in lower case; everything else becomes a hyphen, so that the name is valid on every system.
    /// </summary>
    public static string Of(string prompt, long seed, string extension)
    {
        var kept = new StringBuilder();
        foreach (var rune in ComposedText.Of(prompt).ToLowerInvariant().EnumerateRunes())
        {
            _ = IsKept(rune) ? kept.Append(rune) : kept.Append('-');
        }

        var name = Shorten(string.Join('-', kept.ToString().Split('-', StringSplitOptions.RemoveEmptyEntries)));
        return $"{(name.Length == 0 ? "emu" : name)}-{seed.ToString(CultureInfo.InvariantCulture)}{extension}";
    }

    /// <summary>The path with a number before its extension: <c>a-duck-7_2.png</c>; 1 is the path itself.</summary>
    public static string Numbered(string path, int number) => number == 1
        ? path
        : string.Create(CultureInfo.InvariantCulture, $"{path[..^Path.GetExtension(path).Length]}_{number}{Path.GetExtension(path)}");

    // Of ASCII letters and digits only: Windows refuses some of the others. Joiners and tags hold emoji and Persian or Indic words together.
    private static bool IsKept(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune)
        : rune.Value is 0x200C or 0x200D or (>= 0xE0020 and <= 0xE007F) || Rune.GetUnicodeCategory(rune) is
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            or UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol;

    // Whole text elements: half of an emoji is no name.
    private static string Shorten(string name)
    {
        var length = 0;
        for (var (elements, bytes) = (0, 0); length < name.Length && elements < MaximumElements; elements++)
        {
            var next = StringInfo.GetNextTextElementLength(name, length);
            bytes += Encoding.UTF8.GetByteCount(name.AsSpan(length, next));
            if (bytes > MaximumBytes)
            {
                break;
            }

            length += next;
        }

        return name[..length].TrimEnd('-');
    }
}
