namespace Emu.Editing.Plans.Grammar;

/// <summary>Something that is to stay as it is.</summary>
/// <param name="Kept">The part; null for all else than what the steps are about.</param>
/// <param name="Clause">The clause that says so.</param>
internal sealed record Constraint(TargetWords? Kept, Words Clause);

/// <summary>
/// Reads what is to stay as it is, and holds plans to it: what cannot be kept is refused. The subject is kept by what is done to the
/// ground only, and the other way round; a step on everything is narrowed to the other of the two where the operation can be.
/// </summary>
internal sealed class Constraints
{
    private static readonly PatternPart Except = Phrases.Part("except|except for|but not|apart from|other than|without changing|without touching|without altering|without affecting|without modifying|without editing|excluding|leaving out|sparing|but keep|but leave|keeping|leaving");
    private readonly Pattern[] _patterns;

    /// <summary>Lists the wordings.</summary>
    public Constraints()
    {
        static PatternPart? Part(string name) => name switch
        {
            "target" => Targets.Find,
            "else" => Phrases.Part("anything else|everything else|the rest|nothing else|all else|all the rest|other things|the other parts|the rest of it|the rest of the picture|the rest of the photo|the rest of the image|everything other|the remaining picture"),
            "asis" => Phrases.Part("as is|as it is|as she is|as he is|as they are|as they were|unchanged|alone|untouched|the same|intact|like it is|like they are|as it was|in place|as now|exactly as it is|exactly as she is|exactly as he is|exactly the same|be|as before|out|out of it|how it is|the way it is|the way she is"),
            "keep" => Phrases.Part("keep|leave|preserve|retain|maintain|let|keeping|leaving|preserving|save|spare"),
            "leavealone" => Phrases.Part(
                "don't change|do not change|never change|don't touch|do not touch|without changing|without touching|don't alter|do not alter|without altering|don't modify|do not modify|without modifying|don't affect|do not affect|without affecting|"
                + "don't edit|do not edit|without editing|don't mess with|do not mess with|don't mess up|not|except|except for|apart from|other than|leave alone|excluding|not change|not touch|sparing|but not"),
            _ => null,
        };
        _patterns = [new("<keep> <target> <asis>?", Part), new("<keep> <else> <asis>?", Part), new("<leavealone> <target>", Part), new("<leavealone> <else>", Part), new("<else> <asis>", Part)];
    }

    /// <summary>What a clause keeps; null if it is not about that.</summary>
    public Constraint? Read(Words clause)
    {
        foreach (var pattern in _patterns)
        {
            if (pattern.Match(clause, captures => new Constraint(captures.Has("else") ? null : captures.Get<TargetWords>("target"), clause)) is { } constraint)
            {
                return constraint;
            }
        }

        return null;
    }

    /// <summary>Divides a clause that ends in a constraint: "grey except the cat".</summary>
    public (Words Main, Constraint Constraint)? Divide(Words clause)
    {
        for (var at = 1; at < clause.Count; at++)
        {
            if (Except(clause, at).Any())
            {
                var from = clause[at] == "but" && clause[at + 1] is "keep" or "leave" ? at + 1 : at;
                if (Read(clause.Part(from, clause.Count)) is { } constraint)
                {
                    return (clause.Part(0, at), constraint);
                }
            }
        }

        return null;
    }

    /// <summary>A step that keeps what is to be kept.</summary>
    /// <exception cref="InstructionException">It cannot.</exception>
    public static EditStep Apply(EditStep step, Constraint constraint, EditTarget? it)
    {
        var kept = constraint.Kept?.Kind switch
        {
            null => (EditTarget?)null,
            TargetKind.Subject => EditTarget.Subject,
            TargetKind.Ground => EditTarget.Ground,
            TargetKind.It when it is EditTarget.Subject or EditTarget.Ground => it,
            _ => EditTarget.Everything,
        };
        if (kept is null)
        {
            return step;
        }

        var other = kept == EditTarget.Subject ? EditTarget.Ground : EditTarget.Subject;
        var isApart = step.Operation is AddSticker { Place: >= Placement.AboveSubject } or WriteText { Place: >= Placement.AboveSubject };
        if (kept != EditTarget.Everything && (step.Target == other || (kept == EditTarget.Subject && isApart) || (kept == EditTarget.Ground && step.Operation is Remove && step.Target == EditTarget.Subject)))
        {
            return step;
        }

        if (kept != EditTarget.Everything && step.Target == EditTarget.Everything && EditCatalog.Of(step.Operation).Targets.Contains(other))
        {
            return step with { Target = other };
        }

        throw new InstructionException(
            InstructionError.ConstraintNotSupported, constraint.Clause.ToString(),
            kept == EditTarget.Everything
                ? $"\"{constraint.Clause}\": {constraint.Kept!.Text} cannot be kept apart by words. Every pixel outside a step's region stays as it is anyway; paint what is to change as a mask and say \"the marked area\"."
                : $"\"{constraint.Clause}\" cannot be promised with \"{step.Clause}\", which may change it.");
    }
}
