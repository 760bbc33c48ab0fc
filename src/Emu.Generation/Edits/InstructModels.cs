using Emu.Editing.Plans;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Generation.Edits;

/// <summary>
/// Which model follows what the grammar does not read: the one that is named, if it follows instructions; if none is named, the only
/// one that does.
/// </summary>
public static class InstructModels
{
    private const string HowToAdd = "A model that follows instructions in free form could: an InstructPix2Pix-like package in the diffusers ONNX layout, in the model folder (docs/edits.md says how).";

    /// <summary>The names of the published models that follow instructions.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(IModelCatalog catalog, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return [.. (await catalog.ListAsync(cancellationToken)).Where(model => model.FollowsInstructions).Select(model => model.Name)];
    }

    /// <summary>Whether an edit's instructions need such a model: the grammar does not read them, or the task says so.</summary>
    /// <param name="prompt">The instructions, one a line.</param>
    /// <param name="task">The kind of edit; null if the instructions say it. One that there is not needs none.</param>
    /// <param name="hasMask">Whether a mask was given.</param>
    public static bool AreNeeded(string prompt, string? task, bool hasMask)
    {
        if (task == EditPlans.InstructTask)
        {
            return true;
        }

        if (task is not null || EditInstructions.Of(prompt).Count == 0)
        {
            return false;
        }

        try
        {
            EditPlans.Read(prompt, null, hasMask);
            return false;
        }
        catch (InstructionException exception)
        {
            return PlanReader.MayBeFollowed(exception);
        }
    }

    /// <summary>What to say, after the message of a refusal, of the models that could follow the instruction; empty if none could.</summary>
    /// <param name="exception">The refusal.</param>
    /// <param name="named">The model that was named; null if none was.</param>
    /// <param name="followers">The models that follow instructions.</param>
    public static string Hint(InstructionException exception, string? named, IReadOnlyList<string> followers)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(followers);
        if (!PlanReader.MayBeFollowed(exception) && exception.Code != InstructionError.OtherTask)
        {
            return "";
        }

        var names = string.Join(", ", followers.Select(name => $"'{name}'"));
        return (named, followers.Count) switch
        {
            (_, 0) when exception.Code == InstructionError.MaskNeeded => "",
            (null, 0) => $" {HowToAdd}",
            (_, 0) => $" The model '{named}' follows no instructions in free form. {HowToAdd}",
            (null, 1) => "",
            (null, _) => $" Name the model that is to follow it: {names}.",
            _ when followers.Contains(named) => "",
            _ => $" The model '{named}' follows no instructions in free form; name one that does: {names}.",
        };
    }

    /// <summary>Warns of what was asked of an instruct-edit model and has no effect, as the grammar reads everything.</summary>
    internal static JobDraft WarnIfNotAsked(JobDraft draft, EditPlan plan, ModelCapabilities? model)
    {
        if (EditPlans.NeedsInstructing(plan))
        {
            return draft;
        }

        draft = model is { FollowsInstructions: true } && draft.Model is not null
            ? draft.Warn($"The grammar reads the instruction, so the model '{model.Name}' is not asked. The task '{EditPlans.InstructTask}' asks it all the same.")
            : draft;
        return draft is { Steps: null, Guidance: null, ImageGuidance: null, NoiseScheduler: null }
            ? draft
            : draft.Warn("Steps, guidance and noise scheduler have no effect: no step of this edit is done by an instruct-edit model.");
    }
}
