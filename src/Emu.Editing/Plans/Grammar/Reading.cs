namespace Emu.Editing.Plans.Grammar;

/// <summary>A step that was read, and what is to be said about the reading.</summary>
/// <param name="Step">The step.</param>
/// <param name="Note">What the user is to be told; null if nothing.</param>
/// <param name="Named">The part of the picture as it was named; null if it was not.</param>
/// <param name="NamedAt">Where the name stands in the clause.</param>
internal sealed record Draft(EditStep Step, string? Note, TargetWords? Named, (int Start, int End) NamedAt)
{
    /// <summary>Whether it was read from what is wrong with the picture ("it's too dark"); a step that mends it takes its place.</summary>
    public bool IsComplaint { get; init; }
}

/// <summary>What is known while the clauses of an instruction are read in turn.</summary>
/// <param name="task">The only task that steps may have; null for any.</param>
internal sealed class Reading(EditTask? task)
{
    /// <summary>The only task that steps may have; null for any.</summary>
    public EditTask? Task { get; } = task;

    /// <summary>What "it" is: the part that was last spoken of; null if none was.</summary>
    public EditTarget? It { get; set; }

    /// <summary>Whether what was last spoken of was just added or removed, so that no step can change it.</summary>
    public bool ItIsGone { get; set; }

    /// <summary>The first reason why a clause that fits a wording is refused nevertheless.</summary>
    public InstructionException? Refusal { get; private set; }

    /// <summary>Forgets why the last clause was refused.</summary>
    public void Restart() => Refusal = null;

    /// <summary>Notes why a clause is refused, if no other wording fits it.</summary>
    public Draft? Refuse(InstructionError code, Captures captures, string message, string? suggestion = null)
    {
        Refusal ??= new InstructionException(code, captures.Words.ToString(), $"\"{captures.Words}\": {message}", suggestion);
        return null;
    }

    /// <summary>A step on the part that the clause names, or refuses it.</summary>
    /// <param name="captures">The clause; the part is <paramref name="name"/>.</param>
    /// <param name="operation">What is done, by the part that it is done to; null if nothing can be done to it.</param>
    /// <param name="usual">The part if none is named, or if "it" is and nothing was spoken of before.</param>
    /// <param name="name">The capture's name.</param>
    public Draft? On(Captures captures, Func<EditTarget, EditOperation?> operation, EditTarget usual, string name = "target")
    {
        var named = captures.Get<TargetWords>(name);
        if (named?.Kind == TargetKind.It && ItIsGone && usual == EditTarget.Subject)
        {
            return Refuse(InstructionError.TargetNotSupported, captures, "what was just added or removed cannot be changed by a further step; say how it is to look where it is added, or name the subject.", "add a small red balloon");
        }

        var target = named?.Kind switch
        {
            TargetKind.Subject => EditTarget.Subject,
            TargetKind.Ground or TargetKind.Scenery => EditTarget.Ground,
            TargetKind.Picture => EditTarget.Everything,
            TargetKind.Mask or TargetKind.Thing => EditTarget.Mask,
            TargetKind.It => It ?? usual,
            _ => usual,
        };
        if (operation(target) is not { } made)
        {
            return null;
        }

        var targets = EditCatalog.Of(made).Targets;
        if (named?.Kind == TargetKind.It && !targets.Contains(target))
        {
            target = usual;
            made = operation(target) ?? made;
        }

        var note = named is { Kind: TargetKind.Thing } ? $"'{named.Text}' is not found by its name: the step is about the painted mask." : named?.Note;
        return On(captures, made, target, note, named, captures.Span(name));
    }

    /// <summary>A step on a part, or refuses it.</summary>
    public Draft? On(Captures captures, EditOperation operation, EditTarget target, string? note = null, TargetWords? named = null, (int, int) namedAt = default)
    {
        var entry = EditCatalog.Of(operation);
        if (Task is { } task && entry.Task != task)
        {
            return Refuse(InstructionError.OtherTask, captures, $"this is an edit of the task {Name(entry.Task)}, but the task {Name(task)} was asked for, which can do: {EditCatalog.Describe(task)}.");
        }

        if (!entry.Targets.Contains(target))
        {
            return Refuse(
                InstructionError.TargetNotSupported, captures,
                $"{entry.Summary}: that can be done to {string.Join(", ", entry.Targets.Select(Name))} only, not to {Name(target)}.", entry.Examples[0]);
        }

        return OutOfRange(operation) is { } range ? Refuse(InstructionError.OutOfRange, captures, range) : new Draft(new EditStep(operation, target, captures.Words.ToString()), note, named, namedAt);
    }

    /// <summary>A task's name, as it is asked for.</summary>
    public static string Name(EditTask task) => task.ToString().ToLowerInvariant();

    /// <summary>A part of the picture, in words.</summary>
    public static string Name(EditTarget target) => target switch
    {
        EditTarget.Everything => "the whole picture",
        EditTarget.Subject => "the subject",
        EditTarget.Ground => "the background",
        _ => "the marked area",
    };

    private static string? OutOfRange(EditOperation operation) => operation switch
    {
        Rotate { Degrees: < -360 or > 360 } => "a picture is turned by −360 to 360 degrees.",
        Straighten { Degrees: < -45 or > 45 } => "a picture is straightened by −45 to 45 degrees.",
        Posterize { Levels: < 2 or > 16 } => "posterizing takes 2 to 16 levels.",
        ScaleSubject { Factor: < 0.1 or > 4 } => "the subject's size is multiplied by 0.1 to 4.",
        MoveSubject { Right: < -1 or > 1 } or MoveSubject { Down: < -1 or > 1 } => "the subject moves by at most 100 percent of the picture.",
        Crop { Aspect: < 0.1 or > 10 } => "a picture is cropped to an aspect of 1:10 to 10:1.",
        _ => null,
    };
}

/// <summary>A wording and what it means.</summary>
/// <param name="Pattern">The wording.</param>
/// <param name="Build">Makes a step of it; null if it means nothing after all.</param>
/// <param name="Bare">If not null, it is a wording without a verb that is only read where this task was asked for.</param>
internal sealed record Rule(Pattern Pattern, Func<Captures, Reading, Draft?> Build, EditTask? Bare);

/// <summary>The wordings, in the order in which they are tried.</summary>
internal sealed class Rules
{
    private readonly List<Rule> _rules = [];
    private readonly Dictionary<string, PatternPart> _parts = [];

    /// <summary>Lists all wordings.</summary>
    public Rules()
    {
        Part("target", Targets.Find);
        Part("known", Targets.FindKnown);
        Part("subject", Targets.Only(TargetKind.Subject, TargetKind.It));
        Part("named", Targets.Only(TargetKind.Subject));
        Part("backdrop", Targets.Only(TargetKind.Ground));
        Part("picture", Targets.Only(TargetKind.Picture, TargetKind.It));
        Part("amount", Amounts.Find);
        Part("number", Amounts.Number);
        Part("color", ColorWords.Find);
        Part("place", Places.Find);
        Part("edges", Places.Edges);
        Part("quality", Qualities.Adjective);
        Part("doing", Qualities.Verb);
        Part("property", Qualities.Noun);
        Part("quote", (words, start) => start < words.Count && words.Tokens[start].Quotation is { Length: > 0 } quotation ? [new Fit(start + 1, quotation)] : []);
        Part("text", FreeText.Find);
        TextRules.AddQuoted(this);
        WholeRules.Add(this);
        GeometryRules.Add(this);
        BackgroundRules.Add(this);
        ToneRules.Add(this);
        RemoveRules.Add(this);
        SceneRules.Add(this);
        TextRules.AddUnquoted(this);
        StickerRules.Add(this);
        Context = new Pattern("take|pick|choose|consider <known>", _parts.GetValueOrDefault);
    }

    /// <summary>What only says what the next clause is about: "take the dog and make it blue".</summary>
    public Pattern Context { get; }

    /// <summary>Names a part, for patterns of rules that follow.</summary>
    public void Part(string name, PatternPart part) => _parts.Add(name, part);

    /// <summary>Names a set of wordings, divided by <c>|</c>.</summary>
    public void Part(string name, string phrases) => Part(name, Phrases.Part(phrases));

    /// <summary>Adds wordings, one a line, that mean the same.</summary>
    public void Add(string patterns, Func<Captures, Reading, Draft?> build, EditTask? bare = null)
    {
        foreach (var pattern in patterns.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            _rules.Add(new(new Pattern(pattern, _parts.GetValueOrDefault), build, bare));
        }
    }

    /// <summary>Reads a clause as one step; null if no wording fits.</summary>
    public Draft? Read(Words clause, Reading reading)
    {
        foreach (var rule in _rules)
        {
            if ((rule.Bare is null || rule.Bare == reading.Task) && rule.Pattern.Match(clause, captures => rule.Build(captures, reading)) is { } draft)
            {
                return draft;
            }
        }

        return null;
    }
}

/// <summary>Free text: what a scene or a sticker shows, or unquoted words to write.</summary>
internal static class FreeText
{
    private static readonly string[] Articles = ["a", "an", "the", "some", "another", "one", "like"];

    /// <summary>One word or more, the fewest first; no quotation, and none of the words that belong to other clauses.</summary>
    public static IEnumerable<Fit> Find(Words words, int start)
    {
        for (var end = start; end < words.Count && !Vocabulary.Never.Contains(words[end]); end++)
        {
            yield return new(end + 1);
        }
    }

    /// <summary>What is to be drawn: a capture's words without the article.</summary>
    public static string Prompt(Captures captures, string name = "text")
    {
        var (start, end) = captures.Span(name);
        while (start < end - 1 && Articles.Contains(captures.Words[start]))
        {
            start++;
        }

        return captures.Words.Raw(start, end).Trim(',', ' ');
    }
}
