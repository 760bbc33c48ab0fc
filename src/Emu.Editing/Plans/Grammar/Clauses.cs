namespace Emu.Editing.Plans.Grammar;

/// <summary>
/// Divides sentences into clauses and reads each as a step. A comma or "and" divides where a verb follows; otherwise the longest
/// run of words that is understood counts ("black and white"), and what follows may leave out the verb, or the verb and the part
/// ("make it brighter and warmer").
/// </summary>
internal sealed class Clauses(Rules rules, Constraints constraints, Reading reading)
{
    // "A cake, a balloon, and …": more parts than these are not one clause.
    private const int LongestJoin = 8;

    private readonly List<Draft> _drafts = [];
    private readonly List<Constraint> _constraints = [];
    private InstructionException? _refusal;
    private Words? _verb;
    private Words? _verbAndPart;

    /// <summary>The steps so far; those that only say what is wrong are left out where a later one mends it.</summary>
    public IReadOnlyList<Draft> Drafts => _drafts;

    /// <summary>What is to stay as it is.</summary>
    public IReadOnlyList<Constraint> Kept => _constraints;

    /// <summary>Where an instruction begins, so that it can be taken back.</summary>
    public ClauseMark Mark() => new([.. _drafts], [.. _constraints], reading.It, reading.ItIsGone);

    /// <summary>Gives what was read since a mark to a model: one step with the words as they are.</summary>
    public void GiveToModel(ClauseMark mark, string instruction, string model, string? note)
    {
        _drafts.Clear();
        _drafts.AddRange(mark.Drafts);
        _constraints.Clear();
        _constraints.AddRange(mark.Constraints);
        (reading.It, reading.ItIsGone) = (mark.It, mark.ItIsGone);
        (_verb, _verbAndPart) = (null, null);
        _drafts.Add(new Draft(new EditStep(new FreeInstruction(instruction, model), EditTarget.Everything, instruction), note, null, default));
    }

    /// <summary>Reads a sentence.</summary>
    /// <exception cref="InstructionException">A clause is not understood.</exception>
    public void Read(Words sentence)
    {
        var parts = Parts(sentence);
        for (var index = 0; index < parts.Count;)
        {
            var last = index;
            while (last + 1 < parts.Count && last - index < LongestJoin && !BeginsClause(sentence.Part(parts[last + 1].Start, parts[last + 1].End)))
            {
                last++;
            }

            var next = index;
            _refusal = null;
            for (; last >= index && next == index; last--)
            {
                if (TryClause(sentence.Part(parts[index].Start, parts[last].End), follows: index > 0, leads: last + 1 < parts.Count))
                {
                    next = last + 1;
                }
            }

            if (next == index)
            {
                throw NotUnderstood(Fillers.Strip(sentence.Part(parts[index].Start, parts[index].End), keep: true));
            }

            index = next;
        }
    }

    private static List<(int Start, int End)> Parts(Words sentence)
    {
        List<(int, int)> parts = [];
        var start = 0;
        for (var index = 0; index <= sentence.Count; index++)
        {
            if (index == sentence.Count || sentence.Tokens[index].IsSoftStop)
            {
                if (Fillers.Strip(sentence.Part(start, index), keep: true).Count > 0)
                {
                    parts.Add((start, index));
                }

                start = index + 1;
            }
        }

        return parts;
    }

    private static bool BeginsClause(Words part) => Fillers.Strip(part) is { Count: > 0 } stripped && (Vocabulary.Verbs.Contains(stripped[0]) || stripped.Tokens[0].Quotation is not null);

    private bool TryClause(Words words, bool follows, bool leads)
    {
        foreach (var clause in new[] { Fillers.Strip(words, keep: true), Fillers.Strip(words) }.DistinctBy(clause => clause.Count).Where(clause => clause.Count > 0))
        {
            if (IsKept(clause))
            {
                return true;
            }

            if (leads && rules.Context.Match(clause, captures => captures.Get<TargetWords>("known")) is { Kind: TargetKind.Subject or TargetKind.Ground } spoken)
            {
                reading.It = spoken.Kind == TargetKind.Subject ? EditTarget.Subject : EditTarget.Ground;
                return true;
            }

            if (follows && !Vocabulary.Verbs.Contains(clause[0]) && ((_verbAndPart is { } both && TryRead(both.Then(clause), clause)) || (_verb is { } verb && TryRead(verb.Then(clause), clause))))
            {
                return true;
            }

            if (TryRead(clause, clause))
            {
                return true;
            }

            if (constraints.Divide(clause) is var (main, constraint) && TryRead(main, clause))
            {
                _constraints.Add(constraint);
                return true;
            }
        }

        return false;
    }

    private bool IsKept(Words clause)
    {
        // "Keep only the woman" and "keep the left half" are edits of their own.
        if (clause[0] is "keep" or "leave" && rules.Read(clause, new Reading(reading.Task)) is not null)
        {
            return false;
        }

        if (constraints.Read(clause) is not { } constraint)
        {
            return false;
        }

        _constraints.Add(constraint);
        return true;
    }

    private bool TryRead(Words clause, Words said)
    {
        reading.Restart();
        if (rules.Read(clause, reading) is not { } draft)
        {
            _refusal = reading.Refusal ?? _refusal;
            return false;
        }

        draft = draft with { Step = draft.Step with { Clause = said.ToString() } };
        if (_drafts is [.., { IsComplaint: true } complaint] && complaint.Step.Operation.GetType() == draft.Step.Operation.GetType())
        {
            _drafts.RemoveAt(_drafts.Count - 1);
        }

        _drafts.Add(draft);
        var (start, end) = draft.NamedAt;
        (_verb, _verbAndPart) = (clause.Part(0, 1), end > start && start > 0 ? clause.Part(0, end) : null);
        reading.ItIsGone = draft.Step.Operation is AddSticker or Remove;
        if (draft.Step.Operation is Remove)
        {
            reading.It = null;
        }
        else if (!reading.ItIsGone && draft.Named is { Kind: not TargetKind.It } && draft.Step.Target != EditTarget.Mask)
        {
            reading.It = draft.Step.Target;
        }

        return true;
    }

    private InstructionException NotUnderstood(Words clause)
    {
        if (_refusal is { } refusal)
        {
            return refusal;
        }

        var suggestion = Spelling.Nearest(clause, words => rules.Read(words, new Reading(reading.Task)) is not null);
        if (clause.Tokens.Any(token => token.Text is "not" or "never" or "don't" or "doesn't" or "isn't" or "without"))
        {
            return new(
                InstructionError.ConstraintNotSupported, clause.ToString(),
                $"\"{clause}\" says what is not to be done. Say what is to be done; every pixel that no step is about stays as it is. What is to be kept can be said as \"keep the background\".", suggestion);
        }

        var tasks = reading.Task is { } task ? $"The task {Reading.Name(task)} can do: {EditCatalog.Describe(task)}." : $"Edits are of the tasks {string.Join(", ", EditCatalog.Read.Select(entry => entry.Task).Distinct().Select(Reading.Name))}.";
        return new(InstructionError.NotUnderstood, clause.ToString(), $"\"{clause}\" is not understood as an edit.{(suggestion is null ? "" : $" The nearest that can be done: \"{suggestion}\".")} {tasks}", suggestion);
    }
}

/// <summary>What had been read when an instruction began.</summary>
internal sealed record ClauseMark(IReadOnlyList<Draft> Drafts, IReadOnlyList<Constraint> Constraints, EditTarget? It, bool ItIsGone);
