using Emu.Editing.Plans.Grammar;

namespace Emu.Editing.Plans;

/// <summary>
/// Makes a plan of instructions in plain English, by a grammar: no model, and the same words always mean the same. What it can do
/// is in <see cref="EditCatalog"/>. Nothing is guessed: if a clause is not understood, the whole is refused and the clause named.
/// </summary>
/// <remarks>
/// <para>Parts of the picture. The <em>subject</em> is what is named by a word for a person or an animal, by a pronoun, by "subject",
/// "figure", "object" or "foreground", or as anything "in front" or "main". The <em>ground</em> is the background, the backdrop,
/// what is behind the subject, and the sky, the wall and the like, which are read as all that lies behind it. The <em>mask</em> is the
/// "marked", "painted", "masked" or "selected" area. Any other thing ("the lamp", "her hair") is not found by its name: the step is about
/// the mask, and <see cref="EditPlan.NeedsMask"/> says that one must be given. "It" is the part that was last spoken of, otherwise
/// what the operation is usually about: the whole picture for its tones and for turning, the subject for colour, size, place
/// and removal.</para>
/// <para>Negations are never read as what they negate. "Keep her as she is" and "don't change the background" hold the other steps to that;
/// where it cannot be promised, the whole is refused.</para>
/// </remarks>
public static class PlanReader
{
    /// <summary>The most characters of one instruction.</summary>
    public const int MaxLength = 1000;

    /// <summary>The most steps of a plan.</summary>
    public const int MaxSteps = 20;

    private static readonly Lazy<(Rules Rules, Constraints Constraints)> Grammar = new(() => (new Rules(), new Constraints()));

    /// <summary>Reads instructions, which are done in this order; each may have several clauses.</summary>
    /// <param name="instructions">At least one.</param>
    /// <param name="task">The only task that steps may have, which also lets a wording without a verb be understood ("pencil" for <see cref="EditTask.Style"/>); null for any.</param>
    /// <param name="follower">The instruct-edit model that follows whole instructions that the grammar does not read; null if there is none.</param>
    /// <exception cref="InstructionException">A clause is not understood or cannot be done; the message names it.</exception>
    public static EditPlan Read(IReadOnlyList<string> instructions, EditTask? task = null, InstructionFollower? follower = null)
    {
        ArgumentNullException.ThrowIfNull(instructions);
        if (instructions.All(string.IsNullOrWhiteSpace))
        {
            throw new InstructionException(InstructionError.Empty, "", "There is no instruction. Say what is to be changed: \"make the background blue\".", "make the background blue");
        }

        var (rules, constraints) = Grammar.Value;
        Reading reading = new(task);
        Clauses clauses = new(rules, constraints, reading);
        List<string> notes = [];
        foreach (var instruction in instructions.Where(instruction => !string.IsNullOrWhiteSpace(instruction)))
        {
            if (instruction.Length > MaxLength)
            {
                throw new InstructionException(InstructionError.TooLong, instruction[..40], $"An instruction has at most {MaxLength} characters; one has {instruction.Length}. Give several.");
            }

            if (task == EditTask.Instruct)
            {
                clauses.GiveToModel(clauses.Mark(), instruction.Trim(), (follower ?? throw NoFollower(instruction)).Model, null);
                continue;
            }

            Read(instruction, clauses, notes, task is null ? follower : null);
        }

        if (clauses.Drafts.Count == 0)
        {
            throw Nothing(clauses, instructions);
        }

        if (clauses.Drafts.Count > MaxSteps)
        {
            throw new InstructionException(InstructionError.TooLong, clauses.Drafts[MaxSteps].Step.Clause, $"A plan has at most {MaxSteps} steps; these instructions have {clauses.Drafts.Count}.");
        }

        notes.AddRange(clauses.Drafts.Select(draft => draft.Note).OfType<string>());
        return new EditPlan
        {
            Steps = [.. clauses.Drafts.Select(draft => clauses.Kept.Aggregate(draft.Step, (step, kept) => Constraints.Apply(step, kept, reading.It)))],
            Notes = [.. notes.Distinct()],
        };
    }

    /// <summary>Whether an instruct-edit model may follow what the grammar refuses so: it does not know the words, or cannot find the part. What is to stay, and numbers out of range, it would not keep to.</summary>
    public static bool MayBeFollowed(InstructionException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Code is InstructionError.NotUnderstood or InstructionError.TargetNotSupported or InstructionError.MaskNeeded;
    }

    /// <summary>Refuses a plan that needs a mask where there is none.</summary>
    /// <exception cref="InstructionException">A step is about the mask.</exception>
    public static void RequireMask(EditPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Steps.FirstOrDefault(step => step.Target == EditTarget.Mask) is { } step)
        {
            throw new InstructionException(
                InstructionError.MaskNeeded, step.Clause,
                $"\"{step.Clause}\" is about a part of the picture that is not found by its name. Give a mask of it (white on black, of the picture's size; --mask FILE), or say \"the subject\" if it is what the picture shows in front.");
        }
    }

    private static void Read(string instruction, Clauses clauses, List<string> notes, InstructionFollower? follower)
    {
        var mark = clauses.Mark();
        List<string> corrections = [];
        try
        {
            foreach (var sentence in Sentences(Spelling.Correct(Words.Of(instruction), corrections)))
            {
                clauses.Read(sentence);
            }

            if (follower is null or { HasMask: true } || !clauses.Drafts.Except(mark.Drafts).Any(draft => draft.Step.Target == EditTarget.Mask))
            {
                notes.AddRange(corrections);
                return;
            }
        }
        catch (InstructionException exception) when (follower is not null && MayBeFollowed(exception))
        {
            // Taken back below, as a whole: half an instruction is none.
        }

        clauses.GiveToModel(mark, instruction.Trim(), follower!.Model, $"The grammar does not read \"{instruction.Trim()}\": the model '{follower.Model}' follows it.");
    }

    private static InstructionException NoFollower(string instruction) =>
        new(InstructionError.OtherTask, instruction, $"The task {Reading.Name(EditTask.Instruct)} is done by an instruct-edit model, and there is none.");

    private static IEnumerable<Words> Sentences(Words words)
    {
        var start = 0;
        for (var index = 0; index <= words.Count; index++)
        {
            if (index == words.Count || words.Tokens[index].IsHardStop)
            {
                if (Fillers.Strip(words.Part(start, index), keep: true).Count > 0)
                {
                    yield return words.Part(start, index);
                }

                start = index + 1;
            }
        }
    }

    private static InstructionException Nothing(Clauses clauses, IReadOnlyList<string> instructions)
    {
        var said = string.Join(' ', instructions).Trim();
        return clauses.Kept.Count > 0
            ? new(InstructionError.ConstraintNotSupported, said, $"\"{said}\" says what is to stay as it is, but not what is to be done. Every pixel that no step is about stays as it is.")
            : new(InstructionError.NotUnderstood, said, $"\"{said}\" says nothing that is to be done. For example: \"make the background blue\".", "make the background blue");
    }
}
