namespace Emu.Editing.Plans.Grammar;

/// <summary>
/// Wordings of removing. What is named by a person, an animal, or as being in front is the subject; anything else ("the lamp") is not
/// found by its name, so that the step is about the painted mask; the background's removal leaves the subject alone on nothing.
/// </summary>
internal static class RemoveRules
{
    public static void Add(Rules rules)
    {
        rules.Part("anything", (words, start) => Targets.Find(words, start).Concat(Plurals(words, start)));
        rules.Add(
            """
            <remove> <anything> <away>?
            get|take|photoshop|edit|airbrush <anything> <away>
            <anything> should|must|has_to|needs_to disappear|go|vanish|be_removed|be_gone|be_erased
            no more? <anything>
            without <anything>
            make it look like|as_if <anything> was|were|is|are never|not there
            """, (captures, reading) => Remove(captures, reading, "anything"));
        rules.Add("<anything>", (captures, reading) => Remove(captures, reading, "anything"), EditTask.Remove);
    }

    private static Draft? Remove(Captures captures, Reading reading, string name)
    {
        var named = captures.Get<TargetWords>(name)!;
        if (named.Kind == TargetKind.Picture)
        {
            return reading.Refuse(InstructionError.TargetNotSupported, captures, "nothing would be left; say what is to go: the subject, the background, or the marked area.", "remove the background");
        }

        if (named.Kind == TargetKind.Scenery)
        {
            return reading.On(captures, new Remove(), EditTarget.Mask, $"'{named.Text}' is not found by its name: the step is about the painted mask.", named, captures.Span(name));
        }

        return reading.On(captures, target => target == EditTarget.Ground ? new TransparentBackground() : new Remove(), EditTarget.Subject, name);
    }

    /// <summary>"Power lines", "that": things without a word that points at them.</summary>
    private static IEnumerable<Fit> Plurals(Words words, int start)
    {
        for (var end = start; end < words.Count && end - start < 3 && char.IsLetter(words[end][0]) && !Vocabulary.Little.Contains(words[end]) && !Vocabulary.Never.Contains(words[end]) && !Vocabulary.Verbs.Contains(words[end]); end++)
        {
            if (words[end].EndsWith('s') && words[end].Length > 3)
            {
                yield return new(end + 1, new TargetWords(TargetKind.Thing, words.Raw(start, end + 1)));
            }
        }
    }
}
