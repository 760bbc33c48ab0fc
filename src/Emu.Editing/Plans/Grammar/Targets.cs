namespace Emu.Editing.Plans.Grammar;

/// <summary>What kind of name a part of the picture has.</summary>
internal enum TargetKind
{
    /// <summary>A person, an animal, or whatever is in front.</summary>
    Subject,

    /// <summary>What lies behind.</summary>
    Ground,

    /// <summary>Something that the ground shows: the sky.</summary>
    Scenery,

    /// <summary>The picture.</summary>
    Picture,

    /// <summary>The painted region.</summary>
    Mask,

    /// <summary>Something else, which is only known by a mask.</summary>
    Thing,

    /// <summary>What was spoken of before, or what the operation is usually about.</summary>
    It,
}

/// <summary>A name of a part of the picture.</summary>
/// <param name="Kind">What kind of name it is.</param>
/// <param name="Text">The name as the user wrote it.</param>
/// <param name="Note">What is to be said about how it was understood; null if nothing.</param>
internal sealed record TargetWords(TargetKind Kind, string Text, string? Note = null);

/// <summary>Reads names of parts of the picture.</summary>
internal static class Targets
{
    private const int LongestThing = 4;

    /// <summary>Every way in which a name begins at a token, known names first and longer ones before shorter.</summary>
    public static IEnumerable<Fit> Find(Words words, int start) => Known(words, start).OrderByDescending(fit => fit.End).Concat(Things(words, start));

    /// <summary>The same without things that only a mask shows.</summary>
    public static IEnumerable<Fit> FindKnown(Words words, int start) => Known(words, start).OrderByDescending(fit => fit.End);

    /// <summary>Names of some kinds only.</summary>
    public static PatternPart Only(params TargetKind[] kinds) => (words, start) => Known(words, start).Where(fit => kinds.Contains(((TargetWords)fit.Value!).Kind)).OrderByDescending(fit => fit.End);

    private static IEnumerable<Fit> Known(Words words, int start)
    {
        foreach (var fit in Plain(words, start))
        {
            yield return fit;
            var target = (TargetWords)fit.Value!;
            if (target.Kind is TargetKind.Picture or TargetKind.It && Phrases.LongestEnd(TargetNames.Except, words, fit.End) is > 0 and var except)
            {
                foreach (var kept in Plain(words, except))
                {
                    var whole = words.Raw(start, kept.End);
                    if (((TargetWords)kept.Value!).Kind is TargetKind.Subject or TargetKind.It)
                    {
                        yield return new(kept.End, new TargetWords(TargetKind.Ground, whole));
                    }
                    else if (((TargetWords)kept.Value!).Kind is TargetKind.Ground)
                    {
                        yield return new(kept.End, new TargetWords(TargetKind.Subject, whole));
                    }
                }
            }
        }
    }

    private static IEnumerable<Fit> Plain(Words words, int start)
    {
        foreach (var (part, kind) in TargetNames.WholeNames)
        {
            foreach (var fit in part(words, start))
            {
                yield return Named(words, start, fit.End, kind);
            }
        }

        foreach (var behind in TargetNames.Behind(words, start))
        {
            foreach (var fit in Plain(words, behind.End))
            {
                if (((TargetWords)fit.Value!).Kind is TargetKind.Subject or TargetKind.It)
                {
                    yield return Named(words, start, fit.End, TargetKind.Ground);
                }
            }
        }

        var at = start;
        var pointed = false;
        while (at < words.Count && (Vocabulary.Pointers.Contains(words[at]) || (words[at] == "of" && at > start)) && at - start < 3)
        {
            (at, pointed) = (at + 1, true);
        }

        var noun = at;
        while (noun < words.Count && Vocabulary.Adjectives.Contains(words[noun]) && noun - at < 3)
        {
            noun++;
        }

        for (; noun >= at; noun--)
        {
            foreach (var fit in Nouns(words, start, at, noun, pointed))
            {
                yield return fit;
            }
        }
    }

    private static IEnumerable<Fit> Nouns(Words words, int start, int at, int noun, bool pointed)
    {
        if (noun >= words.Count)
        {
            yield break;
        }

        foreach (var (part, kind) in TargetNames.ListedNouns)
        {
            foreach (var fit in part(words, noun))
            {
                yield return Named(words, start, fit.End, kind, kind == TargetKind.Scenery ? $"'{words.Raw(start, fit.End)}' is read as all that lies behind the subject." : null);
                foreach (var tail in TargetNames.WholeTail(words, fit.End))
                {
                    yield return Named(words, start, tail.End, kind);
                }
            }
        }

        foreach (var marked in TargetNames.Marked(words, noun))
        {
            foreach (var fit in TargetNames.MarkedNouns(words, marked.End))
            {
                yield return Named(words, start, fit.End, TargetKind.Mask);
            }
        }

        foreach (var marked in TargetNames.MarkedNouns(words, noun))
        {
            foreach (var fit in TargetNames.ByUser(words, marked.End))
            {
                yield return Named(words, start, fit.End, TargetKind.Mask);
            }
        }

        if (IsPossessed(words, noun + 1))
        {
            yield break;
        }

        var main = at < noun && words[at] is "main" or "central" or "principal";
        if (Vocabulary.IsSubject(words[noun]) || main)
        {
            yield return Named(words, start, noun + 1, TargetKind.Subject);
            foreach (var tail in TargetNames.Tail(words, noun + 1))
            {
                yield return Named(words, start, tail.End, TargetKind.Subject, $"'{words.Raw(start, tail.End)}' is read as the subject: all that the picture shows in front.");
            }
        }

        if (Vocabulary.IsSubject(words[noun]) || Vocabulary.Vague.Contains(words[noun]) || (pointed && !Vocabulary.Little.Contains(words[noun]) && !Vocabulary.Never.Contains(words[noun])))
        {
            foreach (var front in TargetNames.Front(words, noun + 1))
            {
                yield return Named(words, start, front.End, TargetKind.Subject);
            }
        }
    }

    /// <summary>Other things: a few words after a pointing word, or a plural ("power lines"), with where they are.</summary>
    private static IEnumerable<Fit> Things(Words words, int start)
    {
        var at = start;
        while (at < words.Count && (Vocabulary.Pointers.Contains(words[at]) || Vocabulary.IsSubject(words[at]) || words[at] == "'s") && at - start < 4)
        {
            at++;
        }

        if (at == start)
        {
            yield break;
        }

        List<int> ends = [];
        for (var end = at; end < words.Count && end - at < LongestThing && (end == at ? IsNoun(words[end]) : IsThing(words[end])); end++)
        {
            ends.Add(end + 1);
        }

        foreach (var end in Enumerable.Reverse(ends))
        {
            foreach (var tail in TargetNames.Tail(words, end))
            {
                yield return Named(words, start, tail.End, TargetKind.Thing);
            }

            yield return Named(words, start, end, TargetKind.Thing);
        }
    }

    private static bool IsThing(string word) => (char.IsLetter(word[0]) || word == "'s") && !Vocabulary.Little.Contains(word) && !Vocabulary.Never.Contains(word) && !Vocabulary.Verbs.Contains(word);

    /// <summary>Straight after "the", a verb's form is a noun: "the sign".</summary>
    private static bool IsNoun(string word) => (IsThing(word) || Vocabulary.Verbs.Contains(word)) && !Vocabulary.Effects.Contains(word);

    private static bool IsPossessed(Words words, int at) => at + 1 < words.Count && words[at] == "'s" && !(words[at + 1] is "color" or "colors" or "size" or "brightness" or "contrast" or "saturation");

    private static Fit Named(Words words, int start, int end, TargetKind kind, string? note = null) => new(end, new TargetWords(kind, words.Raw(start, end), note));
}
