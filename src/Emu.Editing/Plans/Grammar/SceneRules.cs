namespace Emu.Editing.Plans.Grammar;

/// <summary>Wordings of a made scene behind the subject: "put her on a beach", "change the background to a forest".</summary>
internal static class SceneRules
{
    private static readonly string[] Articles = ["a", "an", "the", "some", "outer"];

    public static void Add(Rules rules)
    {
        rules.Part("standing", "stand|sit|walk|swim|float|lie|pose|fly|run|dance|relax|be|standing|sitting|walking|swimming|flying|floating|lying|posing|to be|to stand|to sit|to be standing|to be sitting|running|dancing|out|relaxing|up|to be in|riding|posed");
        rules.Part("at", "on|in|at|inside|under|into|onto|in front of|before|by|near|against|among|amid|underneath|within|aboard|over|to");
        rules.Add(
            """
            replace|swap|swap_out|exchange|substitute|switch|switch_out|trade <backdrop> <into> <text> <backing>?
            change|turn|transform|convert|set <backdrop> <into> <text> <backing>?
            <want> <text> as|for|in <backdrop>
            use|have|put|set|take <text> as|for a|the? <backing>
            """, (captures, reading) => Scene(captures, reading));
        rules.Add(
            """
            <change> <backdrop> <into>? <text>
            <want> <backdrop> <should> <text>
            <backdrop> <should> <text>
            make <backdrop> look like|as_if? <text>
            """, (captures, reading) => Articles.Contains(captures.Words[captures.Span("text").Start]) ? Scene(captures, reading) : null);
        rules.Add(
            """
            put|place|set|stand|pose|show|photoshop|stick|drop|sit|transport|move|bring|send <subject> <standing>? <at> <text> <backing>?
            i_want|i_would_like|i_need|have|let|make|let_'s_have|i'd_like <subject> <standing>? be? <at> <text>
            make|let <picture> look|seem|appear like|as_if|as_though <known> is|are|'s|was|were|stands|sits <standing>? <at> <text>
            make|let <known> look|seem|appear like|as_if|as_though he|she|it|they is|are|'s|was|were|stands|sits <standing>? <at> <text>
            make|let <known> look|seem|appear like|as_if|as_though <standing>? <at> <text>
            teleport|transport|take|send|beam|bring|transfer|whisk <subject> to|onto|into|over_to|off_to <text>
            add|put|place|insert|have|i_want|draw|i'd_like|show|paint|stick|i_would_like <text> behind <subject>
            add|put|place|insert|have|i_want|draw|i'd_like|show|paint|stick|i_would_like <text> in|into|to|for|on the background|backdrop
            """, (captures, reading) => Scene(captures, reading));
        rules.Add(
            """
            <want>? a|an|the? background|backdrop of|with|showing|like|: <text>
            <want>? a|an <text> <backing>
            <want>? a|an <text> scene|landscape|background behind <subject>
            """, (captures, reading) => Scene(captures, reading));
        rules.Add("<text>", (captures, reading) => Scene(captures, reading), EditTask.Background);
    }

    private static Draft? Scene(Captures captures, Reading reading)
    {
        var (start, end) = captures.Span("text");
        var words = captures.Words;
        var named = captures.Get<TargetWords>("subject");
        var (first, last) = (words[start], words[end - 1]);
        if (reading.Refusal is not null)
        {
            return null;
        }

        var isPlace = Places.Edges(words, start).Any(fit => fit.End == end) || (start > 0 && Places.Edges(words, start - 1).Any(fit => fit.End == end));
        if (isPlace || first is "it" or "this" or "that" or "him" or "her" or "them" or "my" or "his" or "its" or "more" or "less" or "and" or "," or "something" or "be" or "nice" or "of" or "front" or "one" || (first is "the" && start + 1 < end && Vocabulary.IsSubject(words[start + 1]))
            || last is "and" or "," or "the" or "a")
        {
            return null;
        }

        // "Marked area", "her head": parts of this picture, not a scene.
        if (Enumerable.Range(start, end - start).Any(index => words[index] is "marked" or "painted" or "his" or "her" or "their" or "him" or "head" or "marker"))
        {
            return null;
        }

        return reading.On(captures, new GeneratedBackground(FreeText.Prompt(captures), Pattern: false), EditTarget.Ground, named?.Note, named, captures.Span("subject"));
    }
}
