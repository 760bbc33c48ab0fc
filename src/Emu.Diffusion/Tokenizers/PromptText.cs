using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace Emu.Diffusion.Tokenizers;

/// <summary>
/// Unicode's forms of a text. <see cref="string.Normalize()"/> does nothing where globalization is invariant, as it is in this
/// project's programs.
/// </summary>
internal static class PromptText
{
    private const char FirstThatComposes = '\u0300';

    /// <summary>The composed form (NFC): a letter and its accent are one character.</summary>
    public static string Compose(string text) =>
        // The tables are loaded only for text that may need them.
        text.AsSpan().IndexOfAnyInRange(FirstThatComposes, char.MaxValue) < 0 ? text : ENSNormalize.NF.NFC(text);

    /// <summary>The text without accents: <c>naive</c> for <c>naïve</c>.</summary>
    public static string WithoutAccents(string text) => Ascii.IsValid(text)
        ? text
        : string.Concat(ENSNormalize.NF.NFD(text).Where(character => CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark));
}

/// <summary>Replaces emoji in a text by their names.</summary>
/// <param name="names">Names by emoji, without variation selectors and skin tones.</param>
internal sealed class EmojiNames(IReadOnlyDictionary<string, string> names)
{
    private const char TextSelector = '\uFE0E';
    private const char EmojiSelector = '\uFE0F';
    private const char Joiner = '\u200D';

    /// <summary>The text with the name of every emoji that has one, set off by blanks. Skin tones are left out; a joined emoji without a name becomes those of its parts.</summary>
    public string Replace(string text)
    {
        if (names.Count == 0 || Ascii.IsValid(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = StringInfo.GetNextTextElementLength(text, at);
            var element = text.Substring(at, length);
            _ = NameOf(element) is { } name ? result.Append(' ').Append(name).Append(' ') : result.Append(element);
        }

        return result.ToString();
    }

    private string? NameOf(string element)
    {
        if (Ascii.IsValid(element))
        {
            return null;
        }

        var bare = string.Concat(element.EnumerateRunes().Where(rune => rune.Value is not (TextSelector or EmojiSelector or (>= 0x1F3FB and <= 0x1F3FF))));
        if (names.TryGetValue(bare, out var name))
        {
            return name;
        }

        var parts = bare.Split(Joiner).Select(part => names.GetValueOrDefault(part)).OfType<string>().ToList();
        return bare.Contains(Joiner, StringComparison.Ordinal) && parts.Count > 0 ? string.Join(' ', parts) : null;
    }
}
