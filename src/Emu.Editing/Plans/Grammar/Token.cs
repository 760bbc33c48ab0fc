using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Emu.Editing.Plans.Grammar;

/// <summary>A word, number, quotation or separator of an instruction.</summary>
/// <param name="Text">As the grammar reads it: lower case, American spelling; a quotation is <c>"</c>, a full stop <c>.</c></param>
/// <param name="Start">Where it begins in the instruction.</param>
/// <param name="End">Where it ends, exclusively.</param>
/// <param name="Quotation">What stands between the quotation marks; null if it is none.</param>
internal readonly record struct Token(string Text, int Start, int End, string? Quotation = null)
{
    /// <summary>Whether clauses end here whatever follows.</summary>
    public bool IsHardStop => Text is ".";

    /// <summary>Whether a clause may end here.</summary>
    public bool IsSoftStop => Text is "," or "and" or "but" or "then" or "plus" or "while";

    /// <summary>The number that it is, if it is one.</summary>
    public double? Number => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}

/// <summary>A run of tokens of one instruction.</summary>
/// <param name="Instruction">The whole instruction.</param>
/// <param name="Tokens">The tokens.</param>
internal sealed record Words(string Instruction, IReadOnlyList<Token> Tokens)
{
    private static readonly SearchValues<char> Gaps = SearchValues.Create(" \t-\u2010\u2011()'’");

    private static readonly Regex TokenPattern = new(
        """
        "(?<q>[^"]*)"|“(?<q>[^”“]*)[”“]|„(?<q>[^“”]*)[“”]|«(?<q>[^»]*)»|‘(?<q>[^’]*)’|`(?<q>[^`]*)`|(?<![\p{L}\p{N}])'(?<q>[^']+)'(?![\p{L}\p{N}])
        |(?<hex>\#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![\p{L}\p{N}]))|(?<rgb>rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\))
        |(?<ratio>\d+(?:\.\d+)?\s?[:×]\s?\d+(?:\.\d+)?|\d+\s?[x/]\s?\d+(?![\p{L}\p{N}]))|(?<number>(?<![\p{L}\p{N}])-?\d+(?:\.\d+)?(?=%|°|x\b|°|px\b|\b))
        |(?<suffix>(?<=\p{L}|^|\s)['’](?:s|d|re|ll|ve|m)\b)|(?<word>[\p{L}\p{M}\p{N}]+(?:['’](?!(?:s|d|re|ll|ve|m)\b)[\p{L}\p{M}]+)*)
        |(?<sign>[%°&+,:])|(?<stop>[.;!?\n]|…)|(?<dash>\s[-–—]\s)|(?<symbol>[\p{So}\p{Cs}](?:[\p{So}\p{Cs}\p{M}\u200D\uFE0F])*)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.Compiled);

    private static readonly Dictionary<string, string> Spellings = Pairs(
        "grey gray,greyscale grayscale,greyish gray,colour color,colours colors,coloured colored,colourful colorful,colouring coloring,recolour recolor,recolours recolor,centre center,centred centered,"
        + "middle center,watercolour watercolor,watercolours watercolors,posterise posterize,posterised posterized,pixelise pixelate,pixelize pixelate,pixellate pixelate,anticlockwise counterclockwise,lil little,"
        + "lill little,wee little,whats what,its' its,dont don't,thats that,mustache moustache,u you,ur your,gimme give,wanna want,'em them,em them,colorize color,colourise color,mirrored mirror");

    /// <summary>Splits an instruction.</summary>
    public static Words Of(string instruction)
    {
        List<Token> tokens = [];
        foreach (Match match in TokenPattern.Matches(instruction))
        {
            tokens.Add(Read(match));
        }

        return new(instruction, tokens);
    }

    /// <summary>How many there are.</summary>
    public int Count => Tokens.Count;

    /// <summary>The text of one token.</summary>
    public string this[int index] => Tokens[index].Text;

    /// <summary>Some of them.</summary>
    public Words Part(int start, int end) => new(Instruction, [.. Tokens.Skip(start).Take(end - start)]);

    /// <summary>These, then others.</summary>
    public Words Then(Words others) => new(Instruction, [.. Tokens, .. others.Tokens]);

    /// <summary>As the user wrote them; joined by spaces where they were apart.</summary>
    public string Raw(int start, int end)
    {
        if (start >= end)
        {
            return "";
        }

        var pieces = new List<string>();
        var from = start;
        for (var index = start + 1; index <= end; index++)
        {
            if (index == end || Tokens[index].Start < Tokens[index - 1].End || !IsGap(Tokens[index - 1].End, Tokens[index].Start))
            {
                pieces.Add(Instruction[Tokens[from].Start..Tokens[index - 1].End].Trim());
                from = index;
            }
        }

        return string.Join(' ', pieces);
    }

    /// <summary>As the user wrote them.</summary>
    public override string ToString() => Raw(0, Count);

    private bool IsGap(int from, int to) => Instruction.AsSpan(from, to - from).IndexOfAnyExcept(Gaps) < 0;

    private static Token Read(Match match)
    {
        var (start, end) = (match.Index, match.Index + match.Length);
        if (match.Groups["q"].Success)
        {
            return new("\"", start, end, match.Groups["q"].Value.Trim());
        }

        var text = match.Value.ToLowerInvariant().Replace('’', '\'').Trim();
        return match switch
        {
            _ when match.Groups["stop"].Success => new(".", start, end),
            _ when match.Groups["dash"].Success => new(",", start, end),
            _ when match.Groups["ratio"].Success => new(text.Replace(" ", "").Replace('×', ':').Replace('x', ':').Replace('/', ':'), start, end),
            _ => new(text switch { "%" => "percent", "°" => "degrees", "&" or "+" => "and", _ => Spellings.GetValueOrDefault(text, text) }, start, end),
        };
    }

    private static Dictionary<string, string> Pairs(string pairs) => pairs.Split(',').Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);
}
