using Emu.Media.Pictures;

namespace Emu.Editing.Plans.Grammar;

/// <summary>Wordings of tone and size: brighter, warmer, bigger, blurred, black and white, another colour.</summary>
internal static class ToneRules
{
    private const string Sides = "light|lighting|tones|tone|colors|color|look|skin tones|skin tone|skin|mood|atmosphere|hues";

    public static void Add(Rules rules)
    {
        var sides = Phrases.Part(Sides);
        rules.Part("area", (words, start) => Areas(sides, words, start));
        rules.Part("raise", "increase|raise|boost|turn up|bump up|crank up|enhance|add|more|amplify|up|give it|give it more|bring up|push|improve|dial up|pump up|add more|strengthen|apply|turn up the|double|triple|put in|bump|use|i want|i want more|let in|bring out|put more|add some|heighten|make for|need|needs|i'd like|crank");
        rules.Part("lower", "decrease|reduce|lower|turn down|tone down|cut|less|dial down|cut down on|cut down|lessen|take down|bring down|minimize|halve|weaken|drop|cut back on|cut back|give it less|dial back|use less|decrease the|i want less|take out some|pull down|tame");
        AddDrained(rules);
        AddQualities(rules);
        AddColors(rules);
    }

    private static void AddQualities(Rules rules)
    {
        rules.Part("linking", "to be|be|look|to look|appear|to appear|become|a|look a|seem|get|to get|turn|go|into|in|to|come out|a bit of a");
        rules.Add(
            """
            <make> <area> <linking>? <quality>
            <area> <quality>
            <make> <area> <amount> <quality>
            convert|change|turn|render|switch|set|transform <area> to|into|in|as a|an? <quality> picture|photo|image|version?
            convert|change|turn|go|switch to|into <quality> <effect>?
            <quality> <effect>?
            <quality> colors|tones|light|lighting
            <give> <area>? a|an|the <amount>? <quality> <effect>
            <area> should|must|needs_to|could|has_to be|look <quality>
            """, (captures, reading) => On(captures, reading, captures.Get<Quality>("quality")!));
        rules.Add(
            """
            <amount>? <doing> up|down|out|off? <area>? up|down|out|off|away? <amount>?
            <amount>? <doing> <area> to <amount> size|the_size|its_size|his_size|her_size
            scale|resize|size <subject:area> up <amount>?
            bring <area> into focus
            """, (captures, reading) => On(captures, reading, (captures.Get<Quality>("doing") ?? Usual(captures.Words[0] == "bring" ? Property.Sharpness : Property.Size, 1)) with { Amount = captures.Get<Amount>("amount") ?? Amount.Usual }, captures.Has("area")));
        rules.Add("scale|resize|size <subject:area> down <amount>?", (captures, reading) => On(captures, reading, new Quality(Property.Size, -1, captures.Get<Amount>("amount") ?? Amount.Usual)));
        rules.Add(
            """
            <raise> <amount>? of? the|a|some|its|in? <property> of|in|on|to|for|from? <area>? <amount>?
            <amount> more? <property> of|in|on|to|for? <area>?
            <give> <area> <amount>? more? <property>
            <raise> <area> 's? <property> <amount>?
            <raise> <area> <property> <amount>?
            turn|dial|crank|bring|bump|push|pull the|its? <property> of|in|on? <area>? up <amount>?
            """, (captures, reading) => Noun(captures, reading, 1));
        rules.Add(
            """
            <lower> <amount>? of? the|a|some|its? <property> of|in|on|to|for|from? <area>? <amount>?
            <give> <area> <amount>? less <property>
            <lower> <area> 's? <property> <amount>?
            take some|a_bit_of the? <property> out of|from <area>
            turn|dial|crank|bring|bump|take|tone|pull the|its? <property> of|in|on? <area>? down <amount>?
            """, (captures, reading) => Noun(captures, reading, -1));
        rules.Add(
            """
            <make> <area> <amount> the|its|his|her|their? size
            <amount> the? size of <area>
            scale|resize|size <area> by|to? <amount>
            """, (captures, reading) => captures.Get<Amount>("amount") is { Factor: { } factor } amount ? On(captures, reading, new Quality(Property.Size, factor < 1 ? -1 : 1, amount)) : null);
        rules.Part("colorsof", "the colors|colors|the color");
        rules.Add(
            "<colorsof> of|in|on? <area>? are|is|look|seem way|much|a_bit|far|a_little? too strong|intense|bright|vivid|loud|vibrant|much|rich|colorful",
            (captures, reading) => On(captures, reading, Usual(Property.Saturation, -1)) is { } draft ? draft with { IsComplaint = true } : null);
        rules.Add(
            "<colorsof> of|in|on? <area>? are|is|look|seem way|much|a_bit|far|a_little|too? too? weak|dull|pale|flat|muted|boring|faded|washed_out",
            (captures, reading) => On(captures, reading, Usual(Property.Saturation, 1)) is { } draft ? draft with { IsComplaint = true } : null);
        rules.Part("faulty", "blurry|fuzzy|unsharp|out of focus|underexposed|overexposed|dull|washed out|flat|pale|dark|dim|under exposed|over exposed");
        rules.Add(
            """
            <area> is|'s|looks|are|seems|came_out a_bit|a_little|way|far|much|really|so|very|quite|kind_of|somewhat|rather? too <quality>
            <area> is|'s|looks|are|seems|came_out a_bit|a_little|way|far|much|really|so|very|quite|kind_of|somewhat|rather? <faulty>
            a_bit|way|much|far? too <quality>
            underexposed|overexposed|under_exposed|over_exposed
            """, (captures, reading) => Fault(captures, reading));
    }

    private static void AddColors(Rules rules)
    {
        rules.Part("paint", "make|turn|paint|color|dye|recolor|tint|set|change|have|colorize|shade|tone|spray|render|get|i want|i'd like|redo|bathe");
        rules.Add(
            """
            <paint> <target> <amount>? to|into|in|to_be|with|be|all|look? <amount>? <color>
            <amount>? <paint> <target> with? a|an? <amount>? <color> tint|tone|hue|wash?
            <paint> <known> 's color|colors to|into|in? <color>
            <paint> <target> color|colored to|into|in? <color>
            <paint> the|its? color|colors of <target> to|into|in? <color>
            <give> <target> a|an|the <amount>? <color> tint|tone|hue|wash|color|shade|cast|look|tinge|touch|coat
            <give> a|an <amount>? <color> tint|tone|hue|wash|color|shade|cast|filter|tinge to|on|over <target>
            <target> <color>
            <target> should|must|needs_to be <color>
            """, (captures, reading) => captures.Get<TargetWords>("target") is { Kind: TargetKind.Thing } thing && ColorWords.Find(Words.Of(thing.Text.Split(' ')[^1]), 0).Any(fit => fit.End == 1)
                ? null : reading.On(captures, _ => new Tint(captures.Get<PictureColor>("color"), (captures.Get<Amount>("amount") ?? Amount.Usual).Of(0.4, 1, 1, share => Math.Min(share, 1))), EditTarget.Subject));
        rules.Add("a|an? <color> tint|tone|filter", (captures, reading) => reading.On(captures, new Tint(captures.Get<PictureColor>("color")), EditTarget.Everything));
        rules.Add("<color>", (captures, reading) => reading.On(captures, new Tint(captures.Get<PictureColor>("color")), EditTarget.Subject), EditTask.Color);
    }

    /// <summary>"Remove all colour from the picture"; and a blurred ground by the names that photographers have for it.</summary>
    private static void AddDrained(Rules rules)
    {
        rules.Add(
            """
            remove|take|drain|suck|strip|pull|get|drop|delete all? of? the? color|colors out_of|from|of|in|out_from <area>
            remove|drain|drop|delete all? of? the? color|colors
            no color|colors in|for <area>
            <make> <area> lose all? its|the? color|colors
            decolorize|decolor <area>?
            """, (captures, reading) => On(captures, reading, Usual(Property.Gray, 1)));
        rules.Part("bokeh", "bokeh|bokeh effect|portrait mode|shallow depth of field|depth of field|depth of field effect|lens blur|portrait effect|portrait blur|background blur|blurred background|blurry background|out of focus background|bokeh background|blurred backdrop|blurry backdrop|dof|shallow focus|soft background|background bokeh");
        rules.Add(
            """
            <give>? <picture>? a|an|some|in|the? <amount>? <bokeh> on|to|for|behind? <known>? <amount>?
            make|turn|switch|put <picture> in|into|to|on? a|the? <amount>? <bokeh>
            switch|turn on <bokeh>
            """, (captures, reading) => reading.On(captures, new BlurBackground((captures.Get<Amount>("amount") ?? Amount.Usual).Of(0.25, 0.5, 1, share => Math.Min(share, 1))), EditTarget.Ground));
    }

    private static Quality Usual(Property property, int sign) => new(property, sign, Amount.Usual);

    private static Draft? Noun(Captures captures, Reading reading, int sign)
    {
        var quality = captures.Get<Quality>("property")!;
        var amount = captures.Get<Amount>("amount") ?? captures.Words[0] switch { "double" => new Amount(Degree.Usual, Factor: 2), "triple" => new Amount(Degree.Usual, Factor: 3), "halve" => new Amount(Degree.Usual, Factor: 0.5), _ => Amount.Usual };
        return On(captures, reading, quality with { Sign = quality.Sign * sign, Amount = amount });
    }

    private static Draft? Fault(Captures captures, Reading reading)
    {
        var word = captures.Get<string>("faulty") ?? (captures.Has("quality") ? null : captures.Words[0]);
        var quality = captures.Get<Quality>("quality") is { } said ? said with { Sign = -said.Sign, Amount = Amount.Usual } : word switch
        {
            "blurry" or "fuzzy" or "unsharp" or "out of focus" => Usual(Property.Sharpness, 1),
            "underexposed" or "dark" or "dim" or "under exposed" or "under" => Usual(Property.Light, 1),
            "overexposed" or "over exposed" or "over" => Usual(Property.Light, -1),
            "flat" => Usual(Property.Contrast, 1),
            _ => Usual(Property.Saturation, 1),
        };
        return On(captures, reading, quality) is { } draft ? draft with { IsComplaint = true } : null;
    }

    private static Draft? On(Captures captures, Reading reading, Quality quality, bool isNamed = true) =>
        !isNamed && quality is ({ Property: Property.Size } or { Property: Property.Sharpness, Sign: < 0 })
            ? reading.Refuse(InstructionError.NotUnderstood, captures, "say of what: the subject, the background, the marked area, or the picture.", "blur the background")
            : reading.On(captures, quality.On, quality.Usual, "area");

    /// <summary>A part of the picture, or its light or colours: "the light", "her skin tones", "the colors of the sky".</summary>
    private static IEnumerable<Fit> Areas(PatternPart sides, Words words, int start)
    {
        foreach (var fit in Targets.FindKnown(words, start))
        {
            foreach (var side in sides(words, fit.End < words.Count && words[fit.End] == "'s" ? fit.End + 1 : fit.End))
            {
                yield return fit with { End = side.End };
            }
        }

        var at = start < words.Count && words[start] is "the" or "all" or "its" ? start + 1 : start;
        at = at < words.Count && at > start && words[at] is "the" ? at + 1 : at;
        foreach (var side in sides(words, at))
        {
            if (side.End < words.Count && words[side.End] is "of" or "in" or "on")
            {
                foreach (var fit in Targets.FindKnown(words, side.End + 1))
                {
                    yield return fit;
                }
            }

            yield return new(side.End, new TargetWords(TargetKind.Picture, words.Raw(start, side.End)));
        }

        foreach (var fit in Targets.Find(words, start))
        {
            yield return fit;
        }
    }
}
