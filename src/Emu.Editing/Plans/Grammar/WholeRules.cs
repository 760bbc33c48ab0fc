namespace Emu.Editing.Plans.Grammar;

/// <summary>Wordings about the picture as a whole (old photograph, levels, dark corners, manners of drawing), and of showing where the subject is.</summary>
internal static class WholeRules
{
    private const string Sketch = "pencil sketch|pencil drawing|sketch|drawing|line drawing|charcoal drawing|charcoal sketch|charcoal|pencil|pencils|hand drawn|graphite drawing|line art|pencil art|hand drawn sketch|sketched|drawn with a pencil|drawn in pencil|hand drawn with a pencil|drawn by hand";
    private const string Oil = "oil painting|oil|oils|painting|painted in oils|oil paint|oil on canvas|painted in oil|painted with oil|painted with oils|oil paints|oil painted";
    private const string Pixels = "pixel art|8 bit|8 bit art|pixelated|pixels|8 bit game|retro game|16 bit|retro video game|8bit|pixel style|pixel drawing|pixel graphics|old video game|video game sprite|sprite";
    private const string Comic = "comic|comic book|cartoon|comic strip|comics|cartoon drawing|comic drawing|comic book drawing|cartoony|comic book page|toon|comic panel|cartoons";
    private const string Water = "watercolor|water color|watercolors|water colors|aquarelle|watercolor painting|water color painting|painted in watercolor|painted in watercolors|painted with watercolors|aquarell";

    private static readonly (PatternPart Part, DrawingStyle Style)[] Styles =
    [
        (Phrases.Part(Sketch), DrawingStyle.Sketch), (Phrases.Part(Oil), DrawingStyle.Oil), (Phrases.Part(Pixels), DrawingStyle.PixelArt), (Phrases.Part(Comic), DrawingStyle.Comic), (Phrases.Part(Water), DrawingStyle.Watercolor),
    ];

    public static void Add(Rules rules)
    {
        rules.Part("style", (words, start) => Styles.SelectMany(style => style.Part(words, start).Select(fit => new Fit(fit.End, style.Style))).OrderByDescending(fit => fit.End));
        rules.Part("make", "make|turn|set|change|have|render|get|paint|color|convert|transform|put|let|keep|i want|i'd like|throw|i would like|switch|leave|bring");
        rules.Part("effect", "look|style|effect|filter|feel|tone|tones|vibe|version|manner|treatment|mood|photo|picture|image|aesthetic|finish");
        rules.Part("lookslike", "look like|look as if it was|look as if it were|look like it was|look like it is|look like it 's|appear as|look as though it was|seem like|look like it were|look|look like it 's been|look like it has been|resemble");
        rules.Part("give", "give|add|apply|put|use|i want|do|with|i'd like|go for|slap on|throw on|set|make|have|want");
        rules.Part("sepia", "sepia|sepia toned|old photo|old photograph|old time|old timey|vintage|aged|antique|retro|old fashioned|old|brownish old photo|sepia tone|sepia tones|old time photo|1900s|victorian|old western|brown and old");
        AddOld(rules);
        AddDrawing(rules);
        AddVision(rules);
    }

    private static void AddOld(Rules rules)
    {
        rules.Add(
            """
            <make> <target> <lookslike>? an|a? <sepia> <effect>?
            <make> <target> to|into|in|as an|a? <sepia> <effect>?
            <give> <target>? an|a|the? <sepia> <effect>
            an|a? <sepia> <effect>
            sepia
            <give> a|some? sepia to|on <target>
            age <target>
            """, (captures, reading) => reading.On(captures, _ => new Sepia(), EditTarget.Everything));
        rules.Add(
            """
            posterize <target>?
            posterize <target>? to|with|at|using|into|in <number> levels|colors|steps|tones|shades
            reduce|cut|limit <target> to <number> color? levels|tones|steps|shades
            <give> <target>? a posterized|posterize <effect>
            <make> <target> posterized
            """,
            (captures, reading) => reading.On(captures, _ => captures.Has("number") ? new Posterize((int)Math.Clamp(Math.Round(captures.Get<double>("number")), 0, 1000)) : new Posterize(), EditTarget.Everything));
        rules.Part("corners", "corners|edges|borders|corners of the picture|edges of the picture|corners of the photo|edges of the photo|corners of the image|edges of the image|rim|outer edges");
        rules.Add(
            """
            <give> <target>? a|an|some? <amount>? vignette|vignetting|vignette_effect on|to|around|over? <target>? <amount>?
            <amount>? vignette|vignetting|vignette_effect <amount>?
            vignette <picture> <amount>?
            <amount>? darken|dim|shade the|all? <corners> <amount>?
            make the <corners> <amount>? darker|dark|black|dim <amount>?
            dark|darker <corners>
            fade the <corners> to black
            """,
            (captures, reading) => reading.On(captures, _ => new Vignette((captures.Get<Amount>("amount") ?? Amount.Usual).Of(0.25, 0.5, 1, share => Math.Min(share, 1))), EditTarget.Everything));
    }

    private static void AddDrawing(Rules rules)
    {
        rules.Part("render", "draw|render|redraw|paint|repaint|do|show|make|turn|convert|transform|change|redo|stylize|style|sketch|i want|get|have|recreate|reimagine|i'd like");
        rules.Add(
            """
            <render> <target> as|in|into|like|to|using a|an|the? style_of? a|an? <style> <effect>?
            <make> <target> <lookslike>? it_was|it_is|it|made_of|a|an? a|an|the? <style> <effect>?
            <make> <target> look|seem|appear like|as_if it|he|she|they was|were|is|has_been drawn|painted|made|sketched in|with|as|by a|an? <style>
            convert|turn|change|transform to|into a|an? <style> <effect>?
            <render> a|an? <style> <effect>? of|from|out_of <target>
            make me a|an <style> <effect>? of|from|out_of <target>
            in|as|like the|a|an? style|manner|form|look? of? a|an|the? <style> <effect>?
            in|as|like the|a|an? <style> style|manner|form|look
            <give> <target>? a|an|the <style> <effect>
            a|an? <style> <effect>?
            apply|add|use a|an|the? <style> <effect> to|on|over? <target>?
            """, (captures, reading) => reading.On(captures, _ => new DrawAs(captures.Get<DrawingStyle>("style")), EditTarget.Everything));
        rules.Add("pixelate|pixelize <target>?\n8_bit <target>", (captures, reading) => reading.On(captures, _ => new DrawAs(DrawingStyle.PixelArt), EditTarget.Everything));
        rules.Add("cartoonify|toonify|cartoonize <target>?", (captures, reading) => reading.On(captures, _ => new DrawAs(DrawingStyle.Comic), EditTarget.Everything));
        rules.Add("sketch <target>", (captures, reading) => reading.On(captures, _ => new DrawAs(DrawingStyle.Sketch), EditTarget.Everything));
    }

    private static void AddVision(Rules rules)
    {
        rules.Part("shown", "show|show me|draw|give|give me|make|get|get me|output|return|create|i want|put|i need|add|paint|i'd like|compute|produce|place|display|extract");
        rules.Part("box", "box|bounding box|rectangle|frame|square|detection box|bbox");
        rules.Add(
            """
            where is|are|'s <target> located|hiding? in_the_picture?
            detect|find|locate|spot|recognize <target>
            <shown> a|an|the? red|thin|green|thick? <box> around|on|for|over|of <target>
            show|tell me? where <target> is|are|'s
            box|frame <named>
            point out|to? <named>
            highlight <named> with a <box>
            """, (captures, reading) => reading.On(captures, _ => new Detect(), EditTarget.Subject));
        rules.Add(
            """
            segment|mask|silhouette <target> out?
            <shown> a|an|the? black_and_white|binary? mask|segmentation|silhouette|segmentation_mask|cutout_mask|segmentation_map|alpha_mask of|for|around <target>
            show|outline|mark|tell|paint me? which pixels are|belong_to|show <target>
            <shown> the? pixels of <target>
            <shown> the|a mask|silhouette|segmentation
            select|outline <named>
            """, (captures, reading) => reading.On(captures, _ => new Segment(), EditTarget.Subject));
        rules.Add("<known>", (captures, reading) => reading.On(captures, _ => new Detect(), EditTarget.Subject, "known"), EditTask.Detect);
        rules.Add("<known>", (captures, reading) => reading.On(captures, _ => new Segment(), EditTarget.Subject, "known"), EditTask.Segment);
    }
}
