using System.Collections.Frozen;
using System.Globalization;
using Emu.Media.Pictures;

namespace Emu.Editing.Plans.Grammar;

/// <summary>
/// Colours by name: those of CSS Color Module Level 4, and a few of everyday speech. Shades that have no name of their own ("light
/// teal", "dark coral") are mixed half with white or three tenths with black.
/// </summary>
internal static class ColorWords
{
    private const double LightShare = 0.5;
    private const double DarkShare = 0.6;

    private const string Css =
        "aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 "
        + "chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkkhaki bdb76b "
        + "darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 "
        + "deepskyblue 00bfff dimgray 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f "
        + "honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff "
        + "lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 "
        + "linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc "
        + "mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa "
        + "palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 "
        + "saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 "
        + "thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32";

    private const string Everyday =
        "golden ffd700 navyblue 000080 babyblue 89cff0 cream fffdd0 mint 98ff98 mintgreen 98ff98 peach ffe5b4 rose ff007f burgundy 800020 mustard ffdb58 scarlet ff2400 ruby e0115f emerald 50c878 amber ffbf00 charcoal 36454f lilac c8a2c8 mauve e0b0ff "
        + "bronze cd7f32 copper b87333 rust b7410e apricot fbceb1 lemon fff44f neongreen 39ff14 jade 00a86b sapphire 0f52ba bloodred 660000 creme fffdd0 ochre cc7722 blonde faf0be blond faf0be ginger b06500 offwhite faf9f6 pitchblack 000000 snowwhite fffafa";

    /// <summary>Every name, without spaces.</summary>
    public static FrozenDictionary<string, PictureColor> Names { get; } = $"{Css} {Everyday}".Split(' ').Chunk(2).ToFrozenDictionary(pair => pair[0], pair => Hex(pair[1]));

    /// <summary>A colour: a <see cref="PictureColor"/>. "A nice dark green", "#ff8800", "rgb(255, 136, 0)", "red color".</summary>
    public static IEnumerable<Fit> Find(Words words, int start)
    {
        var at = start;
        while (at < words.Count && at - start < 4 && (words[at] is "a" or "an" or "the" or "nice" or "solid" or "plain" or "pure" or "simple" or "flat" or "uniform" or "single" or "lovely" or "beautiful" or "pretty" or "soft" or "cool" or "warm" or "some" or "all" or "more" or "color" or "completely" or "totally" or "bold"))
        {
            at++;
        }

        foreach (var fit in Shades(words, at).OrderByDescending(fit => fit.End))
        {
            var end = fit.End;
            if (end < words.Count && words[end] is "color" or "colors" or "shade" or "tone" or "hue")
            {
                yield return fit with { End = end + 1 };
            }

            yield return fit;
        }
    }

    private static IEnumerable<Fit> Shades(Words words, int at)
    {
        if (at >= words.Count)
        {
            yield break;
        }

        foreach (var named in Named(words, at))
        {
            yield return named;
        }

        if (words[at] is not ("light" or "lighter" or "pale" or "pastel" or "dark" or "darker" or "deep" or "bright" or "vivid" or "medium" or "neon" or "very" or "baby"))
        {
            yield break;
        }

        foreach (var fit in Shades(words, at + 1))
        {
            var color = (PictureColor)fit.Value!;
            yield return fit with
            {
                Value = words[at] switch
                {
                    "light" or "lighter" or "pale" or "pastel" or "baby" => Mix(color, 255, LightShare),
                    "dark" or "darker" or "deep" => Mix(color, 0, 1 - DarkShare),
                    _ => color,
                },
            };
        }
    }

    private static IEnumerable<Fit> Named(Words words, int at)
    {
        var text = words[at];
        if (text[0] == '#')
        {
            yield return new(at + 1, Hex(text[1..]));
        }
        else if (text.StartsWith("rgb(", StringComparison.Ordinal) && text[4..^1].Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is var parts && parts.All(part => part is >= 0 and <= 255))
        {
            yield return new(at + 1, new PictureColor((byte)parts[0], (byte)parts[1], (byte)parts[2]));
        }

        var joined = "";
        for (var end = at; end < words.Count && end - at < 3; end++)
        {
            joined += words[end];
            if (Names.TryGetValue(joined, out var color))
            {
                yield return new(end + 1, color);
            }
            else if (joined.EndsWith("ish", StringComparison.Ordinal) && (Names.TryGetValue(joined[..^3], out color) || Names.TryGetValue(joined[..^3] + "e", out color) || (joined.Length > 4 && Names.TryGetValue(joined[..^4], out color))))
            {
                yield return new(end + 1, color);
            }
        }
    }

    private static PictureColor Mix(PictureColor color, byte with, double share) => new(Mix(color.Red, with, share), Mix(color.Green, with, share), Mix(color.Blue, with, share), color.Alpha);

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share));

    private static PictureColor Hex(string digits)
    {
        var full = digits.Length == 3 ? string.Concat(digits.Select(digit => new string(digit, 2))) : digits;
        var bytes = Convert.FromHexString(full);
        return new(bytes[0], bytes[1], bytes[2], bytes.Length == 4 ? bytes[3] : (byte)255);
    }
}
