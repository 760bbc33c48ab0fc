using Emu.Editing.Composition;
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
    private readonly EditOperators _operators = EditOperators.All;

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
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(plan);
        inputs ??= new EditInputs();
        CheckSize(source, inputs.Mask, "mask");
        CheckSize(source, inputs.Subject, "mask of the subject");
        var state = new EditState(source, inputs);
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = plan.Steps[i];
            if (NeedsSubject(step) && state.Subject is null)
            {
                progress?.Report(new EditProgress(i + 1, plan.Steps.Count, EditPhase.Mask));
                state.Subject = await finder.FindAsync(state.Picture, cancellationToken);
            }
            progress?.Report(new EditProgress(i + 1, plan.Steps.Count, EditPhase.Edit));
            var result = await _operators.ApplyAsync(ContextOf(state, step, i, inputs), step.Operation, cancellationToken);
            progress?.Report(new EditProgress(i + 1, plan.Steps.Count, EditPhase.Composite));
            state.Accept(result, PixelExact.Restored(state.Picture, result, cancellationToken));
        }
        return state.Outcome(source, cancellationToken);
    }

    private static bool NeedsSubject(EditStep step) => (step.Target, step.Operation) switch
    {
        (EditTarget.Mask, _) => false,
        (EditTarget.Subject or EditTarget.Ground, _) => true,
        (_, MoveSubject or ScaleSubject or Detect or Segment or Remove or Crop { ToSubject: true }) => true,
        (_, AddSticker { Place: >= Placement.OnSubject } or WriteText { Place: >= Placement.OnSubject }) => true,
        _ => step.Task == EditTask.Background,
    };

    private EditContext ContextOf(EditState state, EditStep step, int index, EditInputs inputs)
    {
        var subject = NeedsSubject(step) ? state.Subject : null;
        if (subject is { IsEmpty: true })
        {
            throw new EditException("No subject was found in the picture: nothing in it stands out from its ground. Paint a mask of what is meant, or send a picture with something in front.");
        }
        var painted = step.Target != EditTarget.Mask ? null
            : state.Mask is null ? throw new EditException("The step is about the painted region, and no mask was given. Give one with the picture.")
            : state.Mask.IsEmpty ? throw new EditException("The mask is empty: none of its pixels are white. Paint what is to change white.")
            : state.Mask;
        var isBackground = step.Task == EditTask.Background;
        return new EditContext
        {
            Picture = state.Picture,
            Region = painted ?? (isBackground || step.Target == EditTarget.Ground ? subject?.Invert() : step.Target == EditTarget.Subject ? subject : null),
            Subject = painted is null ? state.Subject : isBackground ? painted.Invert() : painted,
            Background = inputs.Background,
            Stickers = stickers,
            // Steps of one plan draw different numbers.
            Seed = (inputs.Seed + index) & ((1L << 53) - 1),
        };
    }

    private static void CheckSize(SourcePicture picture, EditMask? mask, string name)
    {
        if (mask is not null && (mask.Width != picture.Width || mask.Height != picture.Height))
        {
            throw new EditException($"The {name} is {mask.Width}x{mask.Height}, the picture {picture.Width}x{picture.Height} as seen. Both must have the same size.");
        }
    }
}
