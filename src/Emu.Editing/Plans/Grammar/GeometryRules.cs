using System.Globalization;

namespace Emu.Editing.Plans.Grammar;

/// <summary>Wordings of turning, mirroring, cropping and straightening the picture, and of moving its subject.</summary>
internal static class GeometryRules
{
    // Larger numbers are sizes in pixels.
    private const double LargestRatio = 100;

    public static void Add(Rules rules)
    {
        AddTurns(rules);
        AddCrops(rules);
        AddMoves(rules);
    }

    private static void AddTurns(Rules rules)
    {
        rules.Part("rotate", "rotate|turn|spin|tilt|roll|swivel|lean|twist");
        rules.Part("rotation", Rotations.Find);
        rules.Add("<rotate> <known> <rotation>", (captures, reading) => reading.On(captures, _ => new Rotate(captures.Get<double>("rotation")), EditTarget.Everything, "known"));
        rules.Add(
            """
            <rotate> <rotation>
            rotate|spin <picture>
            rotate
            <make> <picture> upside_down|stand_on_its_head
            <picture> is|'s <rotation>
            a|an? rotation by|of <rotation>
            """, (captures, reading) => reading.On(captures, _ => new Rotate(captures.Has("rotation") ? captures.Get<double>("rotation") : captures.Words[^1] is "down" or "head" ? 180 : 90), EditTarget.Everything) is { } draft
            ? draft with { IsComplaint = captures.Words.Tokens.Any(token => token.Text is "is" or "'s") } : null);
        rules.Part("mirror", "flip|mirror|reflect|flip over|reverse");
        rules.Part("sideways", "horizontally|left to right|from left to right|right to left|sideways|left and right|left right|along the vertical axis|horizontal|around|over|like a mirror|the other way|the other way around|along the horizontal direction|left for right|in a mirror");
        rules.Part("upright", "vertically|upside down|top to bottom|from top to bottom|bottom to top|up and down|vertical|along the horizontal axis|top and bottom|on its head|up side down|top for bottom|head over heels");
        rules.Add(
            """
            <mirror> <known>? <sideways:horizontal>?
            swap|exchange left and|with right
            make|create|give_me a|the mirror image|version of <known>
            make|give_me a|the mirror image
            a|the? horizontal flip|mirror
            <make> <known> face|look the_other_way|left|right|the_other_direction
            <make> <known> mirror
            horizontal|mirror flip
            """, (captures, reading) => reading.On(captures, _ => new Flip(), EditTarget.Everything, "known"));
        rules.Add(
            """
            <mirror> <known>? <upright>
            swap|exchange top and|with bottom
            a|the? vertical flip|mirror
            """, (captures, reading) => reading.On(captures, _ => new Flip(false), EditTarget.Everything, "known"));
        rules.Part("tilted", "crooked|tilted|slanted|not straight|not level|isn't straight|isn't level|wonky|skewed|askew|leaning");
        rules.Part("horizon", "the horizon|horizon|the horizon line|the tilt|the lines|the tilted horizon|the crooked horizon|the slant");
        rules.Add(
            """
            straighten|level out|up? <picture>? <horizon>? of|in? <picture>?
            straighten|level <picture>? by <number> degrees?
            fix|correct|remove <horizon>
            <make> <picture> level|straight|even|plumb
            <make> <horizon> level|straight|horizontal|even
            level|straighten the_picture_out|it_out
            """, (captures, reading) => reading.On(captures, _ => new Straighten(captures.Has("number") ? captures.Get<double>("number") : null), EditTarget.Everything));
        rules.Add(
            "<horizon> is|'s|looks <amount>? <tilted>\n<horizon> <tilted>\n<picture> <tilted>\n<picture> is|'s|looks <amount>? <tilted>", (captures, reading) => reading.On(captures, new Straighten(), EditTarget.Everything) is { } draft ? draft with { IsComplaint = true } : null);
    }

    private static void AddCrops(Rules rules)
    {
        rules.Part("crop", "crop|trim|cut|cut down|clip|crop down|reframe");
        rules.Part("aspect", Aspect);
        rules.Part("half", "half|side|third|part|portion|halves");
        rules.Part("side", "left|right|top|bottom|upper|lower|left hand|right hand|center");
        rules.Part("square", "square|a square|square format|a square format|a perfect square|instagram format|a square shape|a square picture|a square photo|quadratic");
        rules.Add(
            """
            <crop> <picture>? to|into|as? <square> around|on <subject>
            <crop> <picture>? to|into|as? <square>
            <crop> <picture>? around <subject> to|into|as? <square>
            <crop> <picture>? to|into|as|at|in? a|an|the? <aspect> ratio|format|aspect|aspect_ratio|frame? around|on? <subject>?
            <make> <picture> <square>
            <make> <picture> a|an|in? <aspect>
            give_me|make|do|i_want a|an <aspect> crop|version|cut
            a|an? <aspect> crop
            a|an? square crop
            """, (captures, reading) => reading.On(captures, new Crop(captures.Has("subject"), captures.Has("aspect") ? captures.Get<double>("aspect") : 1), EditTarget.Everything));
        rules.Add(
            """
            <crop> <picture>? <amount>? tight|tightly|close|closely|in|down|right? to|around|on|onto just? <subject>
            crop <named> tightly|closely?
            zoom in? to|on|onto|into? <subject>
            zoom|crop in? close|closely|tight|tightly? on|around <subject>
            <crop> <picture>? so_that|so only? <subject> fills|fill|is|are the? frame|picture|visible
            crop out the background
            crop <backdrop> out|away
            get|go closer to <subject>
            """, (captures, reading) => reading.On(captures, new Crop(ToSubject: true), EditTarget.Everything, null, captures.Get<TargetWords>("subject"), captures.Span("subject")));
        rules.Add(
            """
            <crop> <picture>? to|down_to|into just|only? the? <side> <half>? of|in? <picture:whole>?
            keep|leave only|just? the <side> <half> of|in? <picture:whole>?
            only keep|leave the <side> <half> of|in? <picture:whole>?
            just keep|leave the <side> <half> of|in? <picture:whole>?
            i only? want|need just|only? the <side> <half> of|in? <picture:whole>?
            """, (captures, reading) => reading.On(captures, new Crop(Side: Side(captures)), EditTarget.Everything));
        rules.Add(
            """
            cut|crop|trim|chop|slice off|out|away the <side> <half> of|in|from? <picture>?
            cut|crop|trim|chop|slice the <side> <half> off|out|away
            remove|delete the <side> half of|in|from? <picture>?
            """, (captures, reading) => Opposite(Side(captures)) is { } kept ? reading.On(captures, new Crop(Side: kept), EditTarget.Everything) : null);
    }

    private static void AddMoves(Rules rules)
    {
        rules.Part("move", "move|shift|push|nudge|slide|drag|pull|bring|scoot|put|place|position|set|get|relocate");
        rules.Part("way", Ways.Find);
        rules.Add(
            """
            <move> <subject> <way>
            """, (captures, reading) => reading.On(captures, _ => captures.Get<MoveSubject>("way"), EditTarget.Subject, "subject"));
        // Of other things it is said that they are not the subject.
        rules.Add(
            """
            move|shift|push|nudge|slide|drag|pull <target> <way>
            """, (captures, reading) => reading.On(captures, _ => captures.Get<MoveSubject>("way"), EditTarget.Subject));
        rules.Add(
            """
            <move> <subject> <edges>
            center <subject> in_the_picture|in_the_frame|in_the_photo|in_the_image|in_frame?
            <make> <subject> center|centered
            """, (captures, reading) => reading.On(captures, _ => new MoveSubject(0, 0, captures.Get<Place>("edges")?.Placement ?? Placement.Center), EditTarget.Subject, "subject"));
    }

    private static IEnumerable<Fit> Aspect(Words words, int start)
    {
        if (start >= words.Count)
        {
            yield break;
        }

        if (words[start].Split(':') is [var width, var height] && Number(width) is { } x && Number(height) is { } y && x is > 0 and <= LargestRatio && y is > 0 and <= LargestRatio)
        {
            yield return new(start + 1, x / y);
        }
        else if (start + 2 < words.Count && words[start + 1] is "by" or "to" && Amounts.Number(words, start).FirstOrDefault().Value is double wide && Amounts.Number(words, start + 2).FirstOrDefault().Value is double high && wide > 0 && high > 0)
        {
            yield return new(start + 3, wide / high);
        }
        else if (words[start] is "widescreen" or "wide screen" or "cinematic")
        {
            yield return new(start + 1, 16.0 / 9);
        }
        else if (words[start] is "portrait" or "landscape")
        {
            yield return new(start + 1, words[start] == "portrait" ? 3.0 / 4 : 4.0 / 3);
        }
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Side(Captures captures) => captures.Get<string>("side") switch { "upper" => "top", "lower" => "bottom", "left hand" => "left", "right hand" => "right", var side => side! };

    private static string? Opposite(string side) => side switch { "left" => "right", "right" => "left", "top" => "bottom", "bottom" => "top", _ => null };
}
