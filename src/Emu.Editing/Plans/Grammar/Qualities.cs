namespace Emu.Editing.Plans.Grammar;

/// <summary>What adjectives, verbs and nouns of tone and size are about.</summary>
internal enum Property
{
    /// <summary>Brightness.</summary>
    Light,

    /// <summary>Contrast.</summary>
    Contrast,

    /// <summary>Saturation.</summary>
    Saturation,

    /// <summary>Warm or cool light.</summary>
    Warmth,

    /// <summary>Sharpness; less of it is blur.</summary>
    Sharpness,

    /// <summary>Whether there is colour at all.</summary>
    Gray,

    /// <summary>The subject's size.</summary>
    Size,

    /// <summary>Whether it is there at all.</summary>
    Presence,

    /// <summary>Whether it can be seen through.</summary>
    Transparency,
}

/// <summary>A property to be raised (1) or lowered (−1), and by how much.</summary>
internal sealed record Quality(Property Property, int Sign, Amount Amount)
{
    /// <summary>What a quality that is said of "it", with nothing said before, is about.</summary>
    public EditTarget Usual => Property switch { Property.Size or Property.Presence => EditTarget.Subject, Property.Transparency => EditTarget.Ground, _ => EditTarget.Everything };

    /// <summary>The operation on a part of the picture; null if there is none.</summary>
    public EditOperation? On(EditTarget target) => (Property, Sign) switch
    {
        (Property.Light, _) => new Brighten(Tone()),
        (Property.Contrast, _) => new Contrast(Tone()),
        (Property.Warmth, _) => new Warm(Tone()),
        (Property.Saturation, > 0) => new Saturate(Math.Min(Amount.Factor ?? Amount.Of(1.25, 1.5, 2, share => 1 + share), 4)),
        (Property.Saturation, _) => new Saturate(Amount.Factor is { } factor and < 1 ? factor : Amount.Of(0.75, 0.5, 0.25, share => Math.Max(1 - share, 0))),
        (Property.Sharpness, > 0) => new Sharpen(Strength()),
        (Property.Sharpness, _) => target == EditTarget.Ground ? new BlurBackground(Strength()) : new Blur(Strength()),
        (Property.Gray, _) => new Grey(),
        (Property.Size, > 0) => new ScaleSubject(Amount.Factor ?? Amount.Of(1.15, 1.3, 1.6, share => 1 + share)),
        (Property.Size, _) => new ScaleSubject(Amount.Factor is { } factor ? (factor <= 1 ? factor : 1 / factor) : Amount.Of(0.85, 0.7, 0.5, share => 1 - share)),
        (Property.Presence, _) => target == EditTarget.Ground ? new TransparentBackground() : new Remove(),
        (Property.Transparency, _) when target == EditTarget.Ground => new TransparentBackground(),
        _ => null,
    };

    private double Tone() => Sign * Amount.Of(0.15, 0.3, 0.6, share => Math.Min(share, 1));

    private double Strength() => Amount.Of(0.25, 0.5, 1, share => Math.Min(share, 1));
}

/// <summary>Reads qualities.</summary>
internal static class Qualities
{
    private static readonly (PatternPart Part, Property Property, int Sign, Degree Degree)[] Adjectives =
    [
        Of("brighter|lighter|bright|more light|better lit|well lit|brightened|lit up|sunnier|light", Property.Light, 1),
        Of("darker|dark|dimmer|dim|darkened|shadier|blacker|gloomier", Property.Light, -1),
        Of("contrasty|contrastier|punchier|punchy|high contrast", Property.Contrast, 1),
        Of("flatter|low contrast", Property.Contrast, -1),
        Of("warmer|warm|hotter|cozier|cosier|toasty|golden hour|summery", Property.Warmth, 1),
        Of("cooler|colder|cool|cold|icy|chillier|frosty|wintry|bluer", Property.Warmth, -1),
        Of("colorful|vivid|vibrant|saturated|colored|richer|livelier|lively|pop|stand out|intense|richer in color|bolder|popping|vivider", Property.Saturation, 1),
        Of("paler|muted|duller|faded|desaturated|washed out|dull|subdued|less loud|pale", Property.Saturation, -1),
        Of("sharper|sharp|crisper|crisp|clearer|clear|in focus|into focus|detailed|focused|better focused", Property.Sharpness, 1),
        Of("blurry|blurrier|fuzzy|fuzzier|softer|soft|out of focus|blurred|blurred out|unfocused|unsharp|hazy|defocused|a blur", Property.Sharpness, -1),
        Of("black and white|b and w|bw|gray scale|grayscale|monochrome|colorless|gray|in black and white|without color|greyed out|grayed out|b w|shades of gray|in grayscale|in gray|monochromatic", Property.Gray, 1),
        Of("bigger|larger|taller|big|large|as big|as large|as tall|enlarged|grow|size|the size|in size|its size|her size|his size|the original size|big as now", Property.Size, 1),
        Of("smaller|tinier|shorter|small|as small|little|littler|shrink|shrunk", Property.Size, -1),
        Of("tiny|mini|very small", Property.Size, -1, Degree.Strong),
        Of("huge|giant|enormous|gigantic|massive", Property.Size, 1, Degree.Strong),
        Of("disappear|vanish|gone|go away|go|removed|out of the picture|out of here|go poof|leave|erased", Property.Presence, -1),
        Of("transparent|see through|invisible|empty|see thru|translucent|clear and transparent", Property.Transparency, 1),
    ];

    private static readonly (PatternPart Part, Property Property, int Sign, Degree Degree)[] Verbs =
    [
        Of("brighten|lighten|illuminate|light|brighten up|lighten up|light up|expose more", Property.Light, 1),
        Of("darken|dim|dim down|darken down|shade", Property.Light, -1),
        Of("sharpen|sharpen up|unblur|deblur|focus on|crisp up", Property.Sharpness, 1),
        Of("blur|soften|defocus|blur out|smudge|unsharpen|soften up|unfocus|fuzz|fuzz out|obscure|smooth|censor", Property.Sharpness, -1),
        Of("saturate|intensify|enliven|liven up|jazz up the colors of", Property.Saturation, 1),
        Of("desaturate|mute|tone down the colors of|dull|fade the colors of", Property.Saturation, -1),
        Of("warm|warm up|heat up|heat", Property.Warmth, 1),
        Of("cool|cool down|chill|cool off", Property.Warmth, -1),
        Of("gray out|gray|grayscale|make gray", Property.Gray, 1),
        Of("enlarge|magnify|scale up|blow up|grow|upsize|embiggen|size up", Property.Size, 1),
        Of("shrink|scale down|downsize|miniaturize|shrink down|minify", Property.Size, -1),
    ];

    private static readonly (PatternPart Part, Property Property, int Sign, Degree Degree)[] Nouns =
    [
        Of("brightness|exposure|light|lightness|luminosity|lighting|illumination", Property.Light, 1),
        Of("darkness|shadow", Property.Light, -1),
        Of("contrast|contrasts|punch", Property.Contrast, 1),
        Of("saturation|colors|color|vibrance|vibrancy|vividness|color intensity|color saturation|intensity of the colors|colorfulness", Property.Saturation, 1),
        Of("warmth|temperature|color temperature|warm tones", Property.Warmth, 1),
        Of("coolness|cold tones", Property.Warmth, -1),
        Of("sharpness|clarity|detail|details|focus|crispness|definition", Property.Sharpness, 1),
        Of("blur|blurriness|softness", Property.Sharpness, -1),
        Of("size", Property.Size, 1),
    ];

    private static readonly PatternPart More = Phrases.Part("more|some more|even more");
    private static readonly PatternPart Less = Phrases.Part("less");
    private static readonly PatternPart As = Phrases.Part("as|too|in|a|look|looking|appear|be|become|to be");

    /// <summary>"Much brighter", "less colorful", "twice as big": a <see cref="Quality"/>.</summary>
    public static IEnumerable<Fit> Adjective(Words words, int start) => Degrees(words, start, Adjectives);

    /// <summary>"Darken", "warm up": a <see cref="Quality"/> of the usual amount.</summary>
    public static IEnumerable<Fit> Verb(Words words, int start) => Plain(words, start, Verbs, Amount.Usual, 1);

    /// <summary>"Contrast", "color temperature": a <see cref="Quality"/> that is raised by the usual amount.</summary>
    public static IEnumerable<Fit> Noun(Words words, int start) => Plain(words, start, Nouns, Amount.Usual, 1);

    private static IEnumerable<Fit> Degrees(Words words, int start, (PatternPart, Property, int, Degree)[] list)
    {
        foreach (var (at, amount, sign) in Leads(words, start))
        {
            foreach (var fit in Plain(words, at, list, amount, sign))
            {
                yield return fit;
                foreach (var (after, trailing) in Amounts.Find(words, fit.End).Select(found => (found.End, (Amount)found.Value!)))
                {
                    yield return new(after, (Quality)fit.Value! with { Amount = trailing });
                }
            }
        }
    }

    private static IEnumerable<(int At, Amount? Amount, int Sign)> Leads(Words words, int start)
    {
        foreach (var (at, amount) in Amounts.Find(words, start).Select(found => (found.End, (Amount?)found.Value)).Append((start, null)))
        {
            foreach (var more in More(words, at))
            {
                yield return (more.End, amount, 1);
            }

            foreach (var less in Less(words, at))
            {
                yield return (less.End, amount, -1);
                foreach (var (end, second) in Amounts.Find(words, less.End).Select(found => (found.End, (Amount)found.Value!)))
                {
                    yield return (end, second, -1);
                }
            }

            yield return (at, amount, 1);
            foreach (var filler in As(words, at))
            {
                yield return (filler.End, amount, 1);
                foreach (var (end, second) in Amounts.Find(words, filler.End).Select(found => (found.End, (Amount)found.Value!)))
                {
                    yield return (end, second, 1);
                }
            }
        }
    }

    private static IEnumerable<Fit> Plain(Words words, int start, (PatternPart Part, Property Property, int Sign, Degree Degree)[] list, Amount? amount, int sign)
    {
        foreach (var (part, property, own, degree) in list)
        {
            foreach (var fit in part(words, start))
            {
                yield return new(fit.End, new Quality(property, own * sign, amount is null or { Degree: Degree.Usual, Share: null, Factor: null } ? new Amount(degree) : amount));
            }
        }
    }

    private static (PatternPart Part, Property Property, int Sign, Degree Degree) Of(string phrases, Property property, int sign, Degree degree = Degree.Usual) => (Phrases.Part(phrases), property, sign, degree);
}
