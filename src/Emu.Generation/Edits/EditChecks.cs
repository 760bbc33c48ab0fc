using Emu.Editing;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Generation.Edits;

/// <summary>Checks edits before a job is made of them: reads the instructions, and looks whether the pictures and this host have what they need.</summary>
/// <param name="catalog">The models, of which one makes stickers.</param>
/// <param name="finder">Finds subjects; null where another host does, which says by itself if it cannot.</param>
/// <param name="prompts">Tells whether the model knows what a sticker is to show; null takes any text.</param>
public sealed class EditChecks(IModelCatalog catalog, ISubjectFinder? finder = null, IPromptReader? prompts = null) : IEditChecks
{
    private readonly PromptChecks _prompts = new(prompts);

    /// <inheritdoc/>
    public IReadOnlyList<EditOffer> Offers => EditPlans.Offers;

    /// <inheritdoc/>
    public Task CheckPictureAsync(InputPicture picture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(picture);
        try
        {
            new PictureReader(SourcePictureReader.DefaultLimits).Inspect(picture.Content);
            return Task.CompletedTask;
        }
        catch (InvalidPictureException exception)
        {
            throw new InvalidJobException(InputPicture.Parameter, exception.Code, exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public async Task<JobDraft> ChooseModelAsync(JobDraft draft, bool hasMask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var task = draft.Edit?.Task;
        if (!InstructModels.AreNeeded(draft.Prompt, task, hasMask))
        {
            return draft;
        }

        var followers = await InstructModels.ListAsync(catalog, cancellationToken);
        draft = draft.Model is null && followers is [var only] ? draft with { Model = only } : draft;
        if (task == EditPlans.InstructTask && (draft.Model is null || (!followers.Contains(draft.Model) && await catalog.FindAsync(draft.Model, cancellationToken) is not null)))
        {
            var refusal = new InstructionException(InstructionError.OtherTask, draft.Prompt, $"The task '{task}' is done by a model that follows instructions in free form.");
            throw new InvalidJobException(JobFields.Task.Name, "invalid_value", refusal.Message + InstructModels.Hint(refusal, draft.Model, followers), refusal);
        }

        return draft;
    }

    /// <inheritdoc/>
    public async Task<JobDraft> CheckAsync(JobDraft draft, JobPictures pictures, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(pictures);
        await CheckPictureAsync(pictures.Input!, cancellationToken);
        var model = draft.Model is null ? await catalog.FindDefaultAsync(cancellationToken) : await catalog.FindAsync(draft.Model, cancellationToken);
        var plan = await ReadPlanAsync(draft, pictures.Mask is not null, model, cancellationToken);
        if (pictures.Mask is { } mask)
        {
            await CheckMaskAsync(mask, pictures.Input!.Size, cancellationToken);
            draft = plan.NeedsMask ? draft : draft.Warn("The mask has no effect: no step of this edit is about a region.");
        }

        var needsBackground = plan.Steps.Any(step => step.Operation is PictureBackground);
        if (needsBackground && pictures.Background is null)
        {
            throw new InvalidJobException("background", "missing_required_parameter", "The instruction speaks of a background picture, and none was given.");
        }

        draft = pictures.Background is not null && !needsBackground ? draft.Warn("The background picture has no effect: no instruction speaks of it.") : draft;
        if (EditEngine.NeedsSubject(plan) && finder?.Missing is { } missing)
        {
            throw new InvalidJobException("model", "model_not_added", missing);
        }

        draft = await CheckStickersAsync(draft, plan, cancellationToken);
        draft = plan.Notes.Aggregate(draft, (warned, note) => warned.Warn(note));
        return WarnOfLoss(InstructModels.WarnIfNotAsked(draft, plan, model));
    }

    private async Task<EditPlan> ReadPlanAsync(JobDraft draft, bool hasMask, ModelCapabilities? model, CancellationToken cancellationToken)
    {
        try
        {
            return EditPlans.Read(draft.Prompt, draft.Edit?.Task, hasMask, model is { FollowsInstructions: true } ? model.Name : null);
        }
        catch (InstructionException exception)
        {
            var hint = InstructModels.Hint(exception, draft.Model, await InstructModels.ListAsync(catalog, cancellationToken));
            var (parameter, code) = exception.Code switch
            {
                InstructionError.Empty => (JobFields.Prompt.Name, "missing_required_parameter"),
                InstructionError.TooLong => (JobFields.Prompt.Name, "string_above_max_length"),
                InstructionError.MaskNeeded => ("mask", "missing_required_parameter"),
                _ => (JobFields.Prompt.Name, "instruction_not_understood"),
            };
            throw new InvalidJobException(parameter, code, exception.Message + hint, exception);
        }
    }

    private static async Task CheckMaskAsync(InputPicture mask, FrameSize? size, CancellationToken cancellationToken)
    {
        if (size is { } expected && mask.Size is { } given && given != expected)
        {
            throw new InvalidJobException("mask", "mask_size", $"The mask is {given}, the picture {expected} as seen. Both must have the same size.");
        }

        Picture picture;
        try
        {
            picture = await new PictureReader(SourcePictureReader.DefaultLimits).ReadAsync(mask.Content, cancellationToken);
        }
        catch (InvalidPictureException exception)
        {
            throw new InvalidJobException("mask", exception.Code, exception.Message, exception);
        }

        if (EditMasks.FromPicture(picture).IsEmpty)
        {
            throw new InvalidJobException("mask", "mask_empty", "The mask is empty: none of its pixels are transparent or white. Paint white what is to change.");
        }
    }

    private async Task<JobDraft> CheckStickersAsync(JobDraft draft, EditPlan plan, CancellationToken cancellationToken)
    {
        foreach (var prompt in EditPlans.StickerPrompts(plan))
        {
            var named = draft.Model is null ? await catalog.FindDefaultAsync(cancellationToken) : await catalog.FindAsync(draft.Model, cancellationToken);
            if (named is { } other && !other.Kinds.Contains(JobKind.Image))
            {
                named = (await catalog.ListAsync(cancellationToken)).OrderByDescending(model => model.IsDefault).FirstOrDefault(model => model.Kinds.Contains(JobKind.Image))
                    ?? throw new InvalidJobException("model", "model_not_added", $"\"{prompt}\" is to be drawn, and no model here makes pictures of words; '{other.Name}' only edits them.");
            }

            if (named is { } model)
            {
                var sticker = await _prompts.CheckAsync(draft with { Prompt = prompt }, model, cancellationToken);
                draft = sticker with { Prompt = draft.Prompt };
            }
        }

        return draft;
    }

    private static JobDraft WarnOfLoss(JobDraft draft)
    {
        var lossless = PictureFormats.Writable[PictureFormat.Png].Name;
        var lossy = draft.Formats.Where(format => format != lossless).ToList();
        draft = draft.Size is { } size ? draft.Warn($"The picture is resampled to fit into {size}, so none of its pixels is the source's.") : draft;
        return lossy.Count > 0 || draft is { Edit.Lossy: true, Formats.Count: 0 }
            ? draft.Warn($"{(lossy.Count > 0 ? string.Join(" and ", lossy) : "The picture's own format, if it is JPEG or WebP,")} is written with loss: every pixel differs a little from the source's. The {lossless} has them bit for bit.")
            : draft;
    }
}
