using System.Text.Json;
using Emu.Editing.Plans;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>The plans of edits: what their instructions mean.</summary>
public static class EditPlans
{
    /// <summary>The task that only an instruct-edit model does.</summary>
    public static string InstructTask { get; } = NameOf(EditTask.Instruct);

    /// <summary>The names of the kinds of edits.</summary>
    public static IReadOnlyList<string> TaskNames { get; } = [.. Enum.GetValues<EditTask>().Select(NameOf)];

    /// <summary>The names of the kinds of edits that need no instruct-edit model.</summary>
    public static IReadOnlyList<string> GrammarTaskNames { get; } = [.. TaskNames.Where(name => name != InstructTask)];

    /// <summary>All that can be done to a picture, in the order of tasks (<see cref="EditCatalog"/>).</summary>
    public static IReadOnlyList<EditOffer> Offers { get; } =
    [
        .. EditCatalog.Entries.Select(entry => new EditOffer(
            entry.Operation, NameOf(entry.Task), entry.Summary, [.. entry.Targets.Select(target => JsonNamingPolicy.SnakeCaseLower.ConvertName(target.ToString()))], entry.Examples, entry.NeedsModel)),
    ];

    /// <summary>Reads an edit's instructions.</summary>
    /// <param name="prompt">The instructions, one a line.</param>
    /// <param name="task">The kind of edit, one of <see cref="TaskNames"/>; null if the instructions say it.</param>
    /// <param name="hasMask">Whether a mask was given: then steps are about it that can be about a region.</param>
    /// <param name="model">The instruct-edit model that follows what the grammar does not read; null if there is none.</param>
    /// <exception cref="InstructionException">An instruction is not understood, or needs a mask that is not there.</exception>
    public static EditPlan Read(string prompt, string? task, bool hasMask, string? model = null)
    {
        var follower = model is null ? null : new InstructionFollower(model, hasMask);
        var plan = PlanReader.Read(EditInstructions.Of(prompt), task is null ? null : Enum.Parse<EditTask>(task.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), follower);
        if (!hasMask)
        {
            PlanReader.RequireMask(plan);
            return plan;
        }

        return plan.NeedsMask ? plan : plan with { Steps = [.. plan.Steps.Select(Masked)] };
    }

    /// <summary>The plan of a job's request.</summary>
    /// <inheritdoc cref="Read"/>
    internal static EditPlan Of(JobRequest request) => Read(request.Prompt, request.Edit?.Task, request.Edit?.Mask is not null, request.Edit is { FollowsInstructions: true } ? request.Model : null);

    /// <summary>The plan that the first stage left.</summary>
    internal static async Task<EditPlan> ReadAsync(StageRun run, CancellationToken cancellationToken)
    {
        await using var stream = await run.OpenInputAsync(StageNames.Understand, StageFiles.Plan, cancellationToken);
        return (await JsonSerializer.DeserializeAsync<EditPlan>(stream, EditPlan.Json, cancellationToken))!;
    }

    /// <summary>Whether a plan needs the sticker model.</summary>
    internal static bool NeedsStickers(EditPlan plan) => StickerPrompts(plan).Any();

    /// <summary>Whether a plan needs an instruct-edit model.</summary>
    internal static bool NeedsInstructing(EditPlan plan) => plan.Steps.Any(step => step.Operation is FreeInstruction);

    /// <summary>What the stickers of a plan show.</summary>
    internal static IEnumerable<string> StickerPrompts(EditPlan plan) => plan.Steps.Select(step => step.Operation switch
    {
        AddSticker sticker => sticker.Prompt,
        GeneratedBackground scene => scene.Prompt,
        _ => null,
    }).OfType<string>();

    // As in OpenAI's image edits: who gives a mask means it, also where the words name no place.
    private static EditStep Masked(EditStep step) =>
        step.Task is EditTask.Background or EditTask.Color or EditTask.Remove or EditTask.Instruct && step.Target is EditTarget.Everything or EditTarget.Subject or EditTarget.Ground
            ? step with { Target = EditTarget.Mask }
            : step;

    private static string NameOf(EditTask task) => JsonNamingPolicy.SnakeCaseLower.ConvertName(task.ToString());
}
