using Emu.Media.Pictures;

namespace Emu.Editing.Plans.Grammar;

/// <summary>Wordings of another colour, gradient, picture or pattern behind the subject, or nothing. Scenes are in <see cref="SceneRules"/>.</summary>
internal static class BackgroundRules
{
    private static readonly string[] Exceptions = [" except", " but ", " apart from ", " other than ", " besides "];

    public static void Add(Rules rules)
    {
        rules.Part("change", "change|switch|replace|swap|swap out|exchange|substitute|convert|transform|turn|make|set|paint|fill|color|cover|recolor|put|render|colour in|have|flood|fill in|redo|do");
        rules.Part("into", "to|into|in|with|for|by|as|to be|:|to become|all|over|entirely|out for|out with");
        rules.Part("want", "i want|i'd like|i would like|i need|give me|give it|use|put|add|have|can we have|can i have|with|make it|apply|we need|there should be|set|insert|place|do|create|can we get|can you use|on|let 's have|give her|give him|give them|stick|let 's go with|show|in front of");
        rules.Part("should", "be|should be|must be|needs to be|has to be|should become|to be|:|is to be|is now|shall be|could be|should turn|ought to be|in|as");
        rules.Part("puton", "put|place|set|stand|show|have|i want|pose|i'd like|position|photoshop|get|leave|sit|keep|present|see");
        rules.Part("before", "on|in front of|against|before|onto|over|with|upon|on top of");
        rules.Part("gradient", Gradient);
        rules.Part("backing", "background|backdrop|bg|back drop|wallpaper|background color|backdrop color|back ground|background colour");
        AddColors(rules);
        AddTransparent(rules);
        AddPictures(rules);
        AddPatterns(rules);
    }

    private static void AddColors(Rules rules)
    {
        const string wordings =
            """
            <change> <backdrop> <into>? a|an|the? <?> <backing>?
            <change> <backdrop> 's? color|colors <into>? <?>
            <change> the|its? color of <backdrop> <into> <?>
            <change> the? background|backdrop|bg color <into>? <?>
            <want> <backdrop> <should>? <?>
            <backdrop> <should> <?>
            <backdrop> <?>
            <want>? a|an|the? <?> <backing> behind|for|around|to|on? <known>? instead?
            make|create|do|produce a|an|the? <?> <backing>?
            <want> a|an? <?> behind <known>
            <want> <?> as|for <backdrop>
            <puton> <known> <before> a|an|the? <?> <backing>?
            <want>? a|an|the? <backing> of|in|:|that_is <?>
            """;
        rules.Add(Wordings(wordings, "gradient"), (captures, reading) => reading.On(captures, captures.Get<GradientBackground>("gradient")!, EditTarget.Ground));
        rules.Add("<backing> <gradient>\n<change> <backdrop> fade|blend|go|run <gradient>\n<gradient>", (captures, reading) => reading.On(captures, captures.Get<GradientBackground>("gradient")!, EditTarget.Ground));
        rules.Add(Wordings(wordings, "color"), (captures, reading) => reading.On(captures, Colored(captures), EditTarget.Ground));
        rules.Add(
            "<change> <picture> <into>? <color>", (captures, reading) => captures.Get<TargetWords>("picture") is { Kind: TargetKind.It } && reading.It == EditTarget.Ground
                ? reading.On(captures, new SolidBackground(captures.Get<PictureColor>("color")), EditTarget.Ground) : null);
        rules.Add("<color>", (captures, reading) => reading.On(captures, new SolidBackground(captures.Get<PictureColor>("color")), EditTarget.Ground), EditTask.Background);
    }

    private static void AddTransparent(Rules rules)
    {
        rules.Part("nothing", "nothing|no background|nothing at all|empty space|nothingness|transparency|a transparent one|transparent");
        rules.Part("remove", "remove|delete|erase|get rid of|take out|take away|wipe out|eliminate|clean up|clear|photoshop out|edit out|ditch|lose|scrub|rub out|strip|strip away|drop|knock out|crop out|cut out|throw away|throw out|wipe|wipe away|clear away|kill|dump|discard|airbrush out|retouch out|take off|clean|pull out|banish|zap|chuck|hide|i don't want|i do not want|blot out|paint out");
        rules.Part("away", "away|out|off|out of the picture|out of the photo|out of the image|from the picture|from the photo|from the image|out of this|out of it|completely|entirely|out of there|out of here|out of this picture|out of this photo|from this picture|from this photo|from this image|in this picture|in this photo|in the picture|in the photo|altogether|from here|from there|out of the shot|from the shot|out of this image|from it|from view");
        rules.Add(
            """
            <remove> <backdrop> <away>?
            cut out|around <subject>
            cut|clip <subject> out
            isolate|extract|separate|clip|cutout|lift <subject> from|out_of? <backdrop>? out?
            keep|leave|show only|just|nothing_but <subject>
            only|just keep|leave|show <subject>
            i only|just? want|need only|just? <subject> with_nothing_behind|without|on|with <nothing>? <known:behind>?
            i only|just? want|need only|just? <subject> with_nothing_behind <known:behind>
            <subject> on|with|against <nothing> behind? <known:behind>?
            no|without a? <backing>
            <want> no <backing>
            <want> nothing behind <known>
            <want>? a|the? transparent|see_through|clear|empty <backing>|png|version|picture|image|cutout
            <puton> <subject> <before> <nothing> <backing>?
            <puton> <subject> <before> a|an? transparent|empty <backing>
            <change> <backdrop> <into>? <nothing>
            make|save|give_me <picture>? as? a|an? transparent png
            <want> a|the cutout|cut_out of <subject>
            transparent
            """, (captures, reading) => reading.On(captures, new TransparentBackground(), EditTarget.Ground, captures.Get<TargetWords>("subject")?.Note, captures.Get<TargetWords>("subject") ?? captures.Get<TargetWords>("backdrop"), captures.Span("subject")));
    }

    private static void AddPictures(Rules rules)
    {
        rules.Part("own", "this background|that background|this picture|this photo|this image|this backdrop|my picture|my photo|my image|the other picture|the other photo|the other image|the second picture|the second photo|the second image|my own picture|my own photo|my own image|the picture i gave you|the photo i gave you|"
            + "the image i gave you|the attached photo|the attached picture|the attached image|the given picture|the given photo|the given image|my other picture|my other photo|another picture|the uploaded picture|the uploaded photo|the uploaded image|"
            + "the picture i uploaded|the photo i uploaded|the image i uploaded|the picture i sent|the photo i sent|the image i sent|the background picture|the background image|the background photo|the one i gave you|my background|the picture i attached|"
            + "the photo i attached|the image i attached|the provided picture|the provided photo|the provided image|my file|the other one|the supplied picture|the supplied image|my wallpaper|the second one|the attached file|this other picture");
        rules.Add(
            """
            <change> <backdrop> <into> <own>
            use|take|set|put|have <own> as|for|in <backdrop>
            use|take|set|put|have <own> as|for a|the? <backing>
            <want> <own> behind <known>
            <puton> <subject> <before> <own>
            <puton> <subject> in|into|inside <own>
            <own> behind|as <known>
            """, (captures, reading) => reading.On(captures, new PictureBackground(), EditTarget.Ground));
    }

    private static void AddPatterns(Rules rules)
    {
        rules.Part("patternof", "pattern of|repeating pattern of|pattern with|wallpaper of|wallpaper with|tiling of|repeated pattern of|tiles of|lots of|rows of|pattern made of|seamless pattern of|print of|bunch of|tiled|loads of");
        rules.Add(
            """
            <want>? a|the|some? <patternof> <text> behind|around <known>
            <change> <backdrop> <into>? a|the|some? <patternof> <text>
            <want>? a|the|some? <patternof> <text> as|for|in <backdrop>
            <want>? a|the|some? <patternof> <text> as|for a|the? <backing>
            fill|cover|tile|plaster|decorate|wallpaper|pattern|paper <backdrop> with|in|by <text>
            <want>? a|the? background|backdrop of|with|: a|the? <patternof> <text>
            <change> <backdrop> <into>? a|an? <text> pattern|wallpaper|print
            <want>? a|an <text> pattern|wallpaper|print behind|around <known>
            <want>? a|the? background|backdrop full_of|made_of|filled_with|covered_in|covered_with <text>
            <change> <backdrop> full_of|made_of|filled_with|covered_in <text>
            repeat|tile <text> behind|around <known>
            repeat|tile <text> in|over|across|on|all_over <backdrop>
            <puton> <subject> <before> a|the? <patternof> <text>
            """,
            (captures, reading) => captures.Words[captures.Span("text").Start] is "the" or "my" ? null : reading.On(captures, new GeneratedBackground(FreeText.Prompt(captures), Pattern: true), EditTarget.Ground));
    }

    private static string Wordings(string wordings, string part) => wordings.Replace("<?>", $"<{part}>");

    /// <summary>"A diagonal gradient from red to yellow", "a blue to white gradient, left to right": a <see cref="GradientBackground"/>.</summary>
    private static IEnumerable<Fit> Gradient(Words words, int start)
    {
        var at = start;
        double? degrees = null;
        List<PictureColor> colors = [];
        var named = false;
        while (at < words.Count)
        {
            if (Phrases.LongestEnd(Sideways, words, at) is > 0 and var sideways)
            {
                (degrees, at) = (0, sideways);
            }
            else if (Phrases.LongestEnd(Downwards, words, at) is > 0 and var downwards)
            {
                (degrees, at) = (90, downwards);
            }
            else if (Phrases.LongestEnd(Diagonally, words, at) is > 0 and var diagonally)
            {
                (degrees, at) = (45, diagonally);
            }
            else if (Phrases.LongestEnd(Backwards, words, at) is > 0 and var backwards)
            {
                (degrees, at) = (180, backwards);
            }
            else if (Phrases.LongestEnd(Upwards, words, at) is > 0 and var upwards)
            {
                (degrees, at) = (270, upwards);
            }
            else if (words[at] is "gradient" or "fade" or "ombre" or "blend" or "gradation")
            {
                (named, at) = (true, at + 1);
            }
            else if (colors.Count < 2 && ColorWords.Find(words, at).FirstOrDefault() is { Value: PictureColor color } fit)
            {
                colors.Add(color);
                at = fit.End;
            }
            else if (words[at] is "a" or "an" or "the" or "from" or "to" or "into" or "of" or "with" or "between" or "and" or "smooth" or "," or "going" or "color" or "linear" or "nice" or "running" or "that" or "goes" or "soft" or "background" or "backdrop" or "fading")
            {
                named |= words[at] is "fading";
                at++;
                continue;
            }
            else
            {
                break;
            }

            if (colors.Count == 2 && (named || (start > 0 && words[start - 1] is "fade" or "blend" or "gradient" or "go" or "run")))
            {
                yield return new(at, new GradientBackground(colors[0], colors[1], degrees ?? 90));
            }
        }
    }

    private static readonly PatternPart Sideways = Phrases.Part("left to right|from left to right|horizontal|horizontally|sideways");
    private static readonly PatternPart Downwards = Phrases.Part("top to bottom|from top to bottom|vertical|vertically|downwards");
    private static readonly PatternPart Diagonally = Phrases.Part("diagonal|diagonally|from the top left to the bottom right|from corner to corner");
    private static readonly PatternPart Backwards = Phrases.Part("right to left|from right to left");
    private static readonly PatternPart Upwards = Phrases.Part("bottom to top|from bottom to top|upwards");

    /// <summary>"Everything but the cat grey" takes the colour away; a grey background is a colour of its own.</summary>
    private static EditOperation Colored(Captures captures)
    {
        var color = captures.Get<PictureColor>("color");
        var isGrey = color.Red == color.Green && color.Green == color.Blue && color.Red is > 0 and < 255;
        return isGrey && captures.Get<TargetWords>("backdrop") is { } named && Exceptions.Any(word => named.Text.Contains(word, StringComparison.OrdinalIgnoreCase)) ? new Grey() : new SolidBackground(color);
    }
}
