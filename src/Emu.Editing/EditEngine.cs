using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing;

/// <summary>Applies plans to pictures. Outside the pixels that a step is about, its result is the picture before it, bit for bit. Safe for concurrent use.</summary>
/// <param name="finder">Finds subjects; asked only by plans that need one.</param>
/// <param name="stickers">Makes stickers; null where the host has no sticker model.</param>
public sealed class EditEngine(ISubjectFinder finder, IStickerMaker? stickers = null)
{
    /// <summary>Whether a plan needs the subject's mask.</summary>
    public static bool NeedsSubject(EditPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Steps.Any(NeedsSubject);
    }

    /// <summary>Applies the steps of a plan, each to what the one before made.</summary>
    /// <param name="source">The picture. Its samples are never changed.</param>
    /// <param name="plan">The steps.</param>
    /// <param name="inputs">What the user gave beside the picture.</param>
    /// <param name="progress">Told what is done, from any thread.</param>
    /// <param name="cancellationToken">Stops within a row or an operator of a model.</param>
    /// <exception cref="EditException">A step cannot be done; nothing comes of the others either.</exception>
    /// <exception cref="SubjectModelMissingException">A step needs the subject, and the model that finds it was not added.</exception>
    public async Task<EditOutcome> ApplyAsync(SourcePicture source, EditPlan plan, EditInputs? inputs = null, IProgress<EditProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var edit = Begin(source, plan, inputs, progress);
        while (edit.Next is not null)
        {
            await edit.ApplyNextAsync(cancellationToken);
        }

        return edit.Outcome(cancellationToken);
    }

    /// <summary>Begins to apply a plan, for who does some of its steps himself.</summary>
    /// <param name="source">The picture. Its samples are never changed.</param>
    /// <param name="plan">The steps.</param>
    /// <param name="inputs">What the user gave beside the picture.</param>
    /// <param name="progress">Told what is done, from any thread.</param>
    /// <exception cref="EditException">A mask has another size than the picture.</exception>
    public PlanEdit Begin(SourcePicture source, EditPlan plan, EditInputs? inputs = null, IProgress<EditProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(plan);
        inputs ??= new EditInputs();
        CheckSize(source, inputs.Mask, "mask");
        CheckSize(source, inputs.Subject, "mask of the subject");
        return new PlanEdit(source, plan, inputs, finder, stickers, progress);
    }

    internal static bool NeedsSubject(EditStep step) => (step.Target, step.Operation) switch
    {
        (EditTarget.Mask, _) => false,
        (EditTarget.Subject or EditTarget.Ground, _) => true,
        (_, MoveSubject or ScaleSubject or Detect or Segment or Remove or Crop { ToSubject: true }) => true,
        (_, AddSticker { Place: >= Placement.OnSubject } or WriteText { Place: >= Placement.OnSubject }) => true,
        _ => step.Task == EditTask.Background,
    };

    private static void CheckSize(SourcePicture picture, EditMask? mask, string name)
    {
        if (mask is not null && (mask.Width != picture.Width || mask.Height != picture.Height))
        {
            throw new EditException($"The {name} is {mask.Width}x{mask.Height}, the picture {picture.Width}x{picture.Height} as seen. Both must have the same size.");
        }
    }
}
