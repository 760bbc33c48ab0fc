namespace Emu.Editing.Plans.Grammar;

/// <summary>How much.</summary>
internal enum Degree
{
    /// <summary>Slightly.</summary>
    Slight,

    /// <summary>Nothing is said.</summary>
    Usual,

    /// <summary>A lot.</summary>
    Strong,
}

/// <summary>How much something changes, as said.</summary>
/// <param name="Degree">By words.</param>
/// <param name="Share">By number, as a share: "by 30 %" is 0.3; null if no share is said.</param>
/// <param name="Factor">By a factor: "twice as" is 2, "half" 0.5; null if none is said.</param>
internal sealed record Amount(Degree Degree, double? Share = null, double? Factor = null)
{
    /// <summary>Where nothing is said.</summary>
    public static Amount Usual { get; } = new(Degree.Usual);

    /// <summary>A number for the amount.</summary>
    /// <param name="slight">For slightly.</param>
    /// <param name="usual">Where nothing is said.</param>
    /// <param name="strong">For a lot.</param>
    /// <param name="ofShare">From a share.</param>
    public double Of(double slight, double usual, double strong, Func<double, double> ofShare) =>
        Share is { } share ? ofShare(share)
        : Factor is { } factor ? ofShare(Math.Abs(factor - 1))
        : Degree switch { Degree.Slight => slight, Degree.Strong => strong, _ => usual };
}

/// <summary>Reads amounts.</summary>
internal static class Amounts
{
    private static readonly PatternPart Slight = Phrases.Part(
        "slightly|a bit|a little bit|a little|little bit|a tiny bit|a touch|a tad|a hair|a smidge|somewhat|subtly|gently|a bit more|a little more|a touch more|just a bit|just a little|only a bit|only slightly|ever so slightly|kind of|kinda|lightly|mildly|faintly|"
        + "a subtle|subtle|slight|a slight|light|a gentle|gentle|just a touch|just a tad|softly|a wee bit");

    private static readonly PatternPart Strong = Phrases.Part(
        "a lot|lots|much|way|very|strongly|heavily|really|super|extremely|a lot more|much more|way more|very much|tons|a ton|far|so much|loads|strong|a strong|heavy|a heavy|a lot of|lots of|considerably|significantly|greatly|totally|completely|massively|"
        + "drastically|quite a lot|hugely|intense|an intense|dramatically|by a lot|far more|even more|too much|far too|way too|much too|a great deal|all the way");

    private static readonly PatternPart Usual = Phrases.Part("more|some more|even|quite|some|a good bit|fairly|rather|nicely|further|too|all|properly|a more|moderately|just");

    private static readonly Dictionary<string, double> Counts = new()
    {
        ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["ten"] = 10, ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40, ["fifty"] = 50, ["ninety"] = 90, ["one"] = 1, ["a"] = 1,
    };

    /// <summary>An amount: an <see cref="Amount"/>.</summary>
    public static IEnumerable<Fit> Find(Words words, int start)
    {
        foreach (var fit in Numbers(words, start).Concat(Levels(words, start)).OrderByDescending(fit => fit.End))
        {
            yield return fit;
        }
    }

    /// <summary>A number, written as digits or as a word: a <see cref="double"/>.</summary>
    public static IEnumerable<Fit> Number(Words words, int start)
    {
        if (start < words.Count && NumberAt(words, start) is { } number)
        {
            yield return new(start + 1, number);
        }
    }

    private static double? NumberAt(Words words, int index) =>
        index >= words.Count ? null : words.Tokens[index].Number ?? (Counts.TryGetValue(words[index], out var count) && words[index] != "a" ? count : null);

    private static IEnumerable<Fit> Numbers(Words words, int start)
    {
        if (start >= words.Count)
        {
            yield break;
        }

        var at = words[start] is "by" or "to" ? start + 1 : start;
        var factor = at >= words.Count ? null : words[at] switch { "twice" or "double" => 2, "thrice" or "triple" => 3, "half" => 0.5, "quarter" => 0.25, _ => (double?)null };
        if (factor is { })
        {
            var end = Skip(words, at + 1, "as", "the");
            yield return new(end, new Amount(Degree.Usual, Factor: factor));
            yield return new(at + 1, new Amount(Degree.Usual, Factor: factor));
        }

        if (NumberAt(words, at) is not { } number || number < 0)
        {
            yield break;
        }

        if (at + 1 < words.Count && words[at + 1] is "percent" or "per")
        {
            var end = at + 1 < words.Count && words[at + 1] == "per" && at + 2 < words.Count && words[at + 2] == "cent" ? at + 3 : at + 2;
            var to = at > start && words[start] == "to";
            yield return new(end, to ? new Amount(Degree.Usual, Factor: number / 100) : new Amount(Degree.Usual, Share: number / 100));
        }
        else if (at + 1 < words.Count && words[at + 1] is "times" or "x" or "fold")
        {
            yield return new(Skip(words, at + 2, "as", "the"), new Amount(Degree.Usual, Factor: number));
            yield return new(at + 2, new Amount(Degree.Usual, Factor: number));
        }
    }

    private static int Skip(Words words, int at, params ReadOnlySpan<string> skipped)
    {
        while (at < words.Count && skipped.Contains(words[at]))
        {
            at++;
        }

        return at;
    }

    private static IEnumerable<Fit> Levels(Words words, int start)
    {
        foreach (var (part, degree) in new[] { (Slight, Degree.Slight), (Strong, Degree.Strong), (Usual, Degree.Usual) })
        {
            foreach (var fit in part(words, start))
            {
                yield return new(fit.End, new Amount(degree));
            }
        }
    }
}
