using System.Globalization;
using System.Text;

namespace Emu.Editing.Operations.Text;

/// <summary>Bidirectional classes (Unicode Standard Annex 9, table 4), but for explicit embeddings and isolates, which count as nothing.</summary>
internal enum BidiClass : byte
{
    /// <summary>A letter of a script written from left to right.</summary>
    Left,

    /// <summary>A letter of Hebrew and its relatives.</summary>
    Right,

    /// <summary>A letter of Arabic and its relatives.</summary>
    Arabic,

    /// <summary>A European digit.</summary>
    Number,

    /// <summary>An Arabic-Indic digit.</summary>
    ArabicNumber,

    /// <summary>Plus or minus.</summary>
    Sign,

    /// <summary>What stands at a number: currency, percent, degree.</summary>
    Terminator,

    /// <summary>What stands within a number: full stop, comma, colon.</summary>
    Separator,

    /// <summary>A mark on the character before it.</summary>
    Mark,

    /// <summary>A space.</summary>
    Space,

    /// <summary>Everything else: signs, emoji.</summary>
    Neutral,

    /// <summary>A character without an appearance of its own.</summary>
    None,
}

/// <summary>Finds the class of characters, for the scripts that the fonts here have.</summary>
internal static class BidiClasses
{
    /// <summary>The class of a character.</summary>
    public static BidiClass Of(Rune rune)
    {
        var value = rune.Value;
        var category = Rune.GetUnicodeCategory(rune);
        return value switch
        {
            0x200E => BidiClass.Left,
            0x200F => BidiClass.Right,
            0x061C => BidiClass.Arabic,
            >= '0' and <= '9' or 0xB2 or 0xB3 or 0xB9 or >= 0x6F0 and <= 0x6F9 or 0x2070 or >= 0x2074 and <= 0x2079 or >= 0x2080 and <= 0x2089 => BidiClass.Number,
            >= 0x660 and <= 0x669 or 0x66B or 0x66C or >= 0x600 and <= 0x605 => BidiClass.ArabicNumber,
            '+' or '-' or 0x207A or 0x207B or 0x208A or 0x208B or 0x2212 or 0xFB29 or 0xFE62 or 0xFE63 => BidiClass.Sign,
            '#' or '%' or 0xB0 or 0xB1 or 0x66A or 0x609 or 0x60A or >= 0x2030 and <= 0x2034 or 0x212E or 0x2213 => BidiClass.Terminator,
            ',' or '.' or '/' or ':' or 0xA0 or 0x60C or 0x202F or 0x2044 => BidiClass.Separator,
            _ => category switch
            {
                UnicodeCategory.CurrencySymbol when value != 0x60B => BidiClass.Terminator,
                UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => BidiClass.Mark,
                UnicodeCategory.Format => BidiClass.None,
                UnicodeCategory.SpaceSeparator or UnicodeCategory.Control or UnicodeCategory.LineSeparator => BidiClass.Space,
                _ when IsHebrew(value) => BidiClass.Right,
                _ when IsArabic(value, category) => BidiClass.Arabic,
                UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter
                    or UnicodeCategory.LetterNumber or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.SpacingCombiningMark => BidiClass.Left,
                UnicodeCategory.ModifierLetter when value is not ((>= 0x2B9 and <= 0x2BA) or (>= 0x2C6 and <= 0x2CF) or 0x2EC or 0x374) => BidiClass.Left,
                _ when value is 0xAA or 0xBA or 0xB5 => BidiClass.Left,
                _ => BidiClass.Neutral,
            },
        };
    }

    private static bool IsHebrew(int value) => value is (>= 0x590 and <= 0x5FF) or (>= 0x7C0 and <= 0x85F) or (>= 0xFB1D and <= 0xFB4F);

    private static bool IsArabic(int value, UnicodeCategory category) =>
        value is (>= 0x600 and <= 0x7BF) or (>= 0x860 and <= 0x8FF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
        && !(category is UnicodeCategory.MathSymbol or UnicodeCategory.OtherSymbol && value != 0x608)
        && value is not (0x6E9 or (>= 0xFD3E and <= 0xFD4F) or (>= 0xFDCF and <= 0xFDCF));
}
