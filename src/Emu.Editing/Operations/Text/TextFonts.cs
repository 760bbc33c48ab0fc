using System.Globalization;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace Emu.Editing.Operations.Text;

/// <summary>The fonts that come with the program, and which of them has a character. Loaded once; safe for concurrent use.</summary>
internal sealed class TextFonts
{
    private static readonly Lazy<TextFonts> Loaded = new(() => new TextFonts());

    private readonly TextFont[] _letters;
    private readonly TextFont[] _emoji;

    private TextFonts()
    {
        _letters = [Load("NotoSans-ExtraBold", false), Load("NotoSansArabic-ExtraBold", false), Load("NotoSansHebrew-ExtraBold", false)];
        _emoji = [Load("NotoColorEmoji", true), Load("NotoEmoji-Bold", false)];
    }

    /// <summary>The fonts.</summary>
    public static TextFonts Shared => Loaded.Value;

    /// <summary>The font that lines are measured by.</summary>
    public TextFont Main => _letters[0];

    /// <summary>The font that a grapheme is drawn with.</summary>
    /// <param name="grapheme">What is seen as one character: a letter with its accents, an emoji with what modifies it.</param>
    /// <param name="before">The font of the grapheme before it, which goes on through spaces and signs; null at the beginning.</param>
    /// <exception cref="EditException">No font has the character.</exception>
    public TextFont Of(ReadOnlySpan<char> grapheme, TextFont? before)
    {
        var emojiFirst = grapheme.Contains('\uFE0F') || grapheme.Contains('\u20E3') || (IsPictograph(grapheme) && !_letters[0].Has(grapheme));
        if (!emojiFirst && before is { IsColor: false } && !IsLetter(grapheme) && before.Has(grapheme))
        {
            return before;
        }
        foreach (var font in emojiFirst ? _emoji.Concat(_letters) : _letters.Concat(_emoji))
        {
            if (font.Has(grapheme))
            {
                return font;
            }
        }
        Rune.DecodeFromUtf16(grapheme, out var rune, out _);
        throw new EditException($"The fonts here have no '{grapheme}' (U+{rune.Value:X4}). Words are written in Latin, Greek, Cyrillic, Arabic and Hebrew letters, with emoji.");
    }

    private static bool IsPictograph(ReadOnlySpan<char> grapheme) => grapheme.Length > 0 && (char.IsSurrogate(grapheme[0]) || grapheme[0] is >= '\u2190' and <= '\u2BFF');

    private static bool IsLetter(ReadOnlySpan<char> grapheme) => Rune.DecodeFromUtf16(grapheme, out var rune, out _) == System.Buffers.OperationStatus.Done && Rune.IsLetter(rune);

    private static TextFont Load(string name, bool isColor)
    {
        using var compressed = typeof(TextFonts).Assembly.GetManifestResourceStream($"{name}.ttf.br") ?? throw new InvalidOperationException($"The font {name} is not in the assembly.");
        using var stream = new BrotliStream(compressed, CompressionMode.Decompress);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        using var data = SKData.CreateCopy(content.GetBuffer().AsSpan(0, (int)content.Length));
        var typeface = SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The font {name} cannot be read.");
        return new TextFont(new SKFont(typeface), isColor);
    }
}

/// <summary>One font.</summary>
/// <param name="Characters">Which characters it has; only asked, never changed, so that threads may share it.</param>
/// <param name="IsColor">Whether its glyphs have colours of their own.</param>
internal sealed record TextFont(SKFont Characters, bool IsColor)
{
    /// <summary>The glyphs.</summary>
    public SKTypeface Typeface => Characters.Typeface;

    /// <summary>Whether the font has a character.</summary>
    public bool Has(Rune rune) => Characters.ContainsGlyph(rune.Value);

    /// <summary>Whether the font has every character of a grapheme; those that only say how it looks (variation, joiner, skin) do not count.</summary>
    public bool Has(ReadOnlySpan<char> grapheme)
    {
        foreach (var rune in grapheme.EnumerateRunes())
        {
            if (!IsModifier(rune) && !Has(rune))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether a character may be left out where a font has none for it.</summary>
    public static bool IsModifier(Rune rune) =>
        rune.Value is 0xFE0E or 0xFE0F or 0x200D or (>= 0x1F3FB and <= 0x1F3FF) or (>= 0xE0020 and <= 0xE007F)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format;
}
