using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing;

/// <summary>
/// A plan that is being applied to a picture, a step after the other. Who does a step himself (a model, in slices) takes what it works
/// on from <see cref="PrepareNextAsync"/> and gives back the result by <see cref="Accept"/>. Not safe for concurrent use.
/// </summary>
public sealed class PlanEdit
{
    private readonly SourcePicture _source;
    private readonly EditPlan _plan;
    private readonly EditInputs _inputs;
    private readonly ISubjectFinder _finder;
    private readonly IStickerMaker? _stickers;
    private readonly IProgress<EditProgress>? _progress;
    private readonly EditState _state;

    internal PlanEdit(SourcePicture source, EditPlan plan, EditInputs inputs, ISubjectFinder finder, IStickerMaker? stickers, IProgress<EditProgress>? progress)
    {
        _source = source;
        _plan = plan;
        _inputs = inputs;
        _finder = finder;
        _stickers = stickers;
        _progress = progress;
        _state = new EditState(source, inputs);
    }

    /// <summary>How many steps are done.</summary>
    public int Done { get; private set; }

    /// <summary>The next step; null if all are done.</summary>
    public EditStep? Next => Done < _plan.Steps.Count ? _plan.Steps[Done] : null;

    /// <summary>Does the next step.</summary>
    /// <param name="cancellationToken">Stops within a row or an operator of a model.</param>
    /// <exception cref="EditException">It cannot be done.</exception>
    /// <exception cref="SubjectModelMissingException">It needs the subject, and the model that finds it was not added.</exception>
    public async Task ApplyNextAsync(CancellationToken cancellationToken = default)
    {
        var context = await PrepareNextAsync(cancellationToken);
        Accept(await EditOperators.All.ApplyAsync(context, Next!.Operation, cancellationToken), cancellationToken);
    }

    /// <summary>What the next step works on. Finds the subject if it needs one.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidOperationException">All steps are done.</exception>
    /// <inheritdoc cref="ApplyNextAsync" path="/exception"/>
    public async Task<EditContext> PrepareNextAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var step = Next ?? throw new InvalidOperationException("All steps are done.");
        if (EditEngine.NeedsSubject(step) && _state.Subject is null)
        {
            Report(EditPhase.Mask);
            _state.Subject = await _finder.FindAsync(_state.Picture, cancellationToken);
        }

        Report(EditPhase.Edit);
        return ContextOf(step);
    }

    /// <summary>Takes what was made of the next step; what it is not about is the picture before, whatever the result holds there.</summary>
    /// <param name="result">What was made.</param>
    /// <param name="cancellationToken">Stops.</param>
    public void Accept(EditResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        Report(EditPhase.Composite);
        _state.Accept(result, PixelExact.Restored(_state.Picture, result, cancellationToken));
        Done++;
    }

    /// <summary>What the steps so far have made.</summary>
    public EditOutcome Outcome(CancellationToken cancellationToken = default) => _state.Outcome(_source, cancellationToken);

    private void Report(EditPhase phase) => _progress?.Report(new EditProgress(Done + 1, _plan.Steps.Count, phase));

    private EditContext ContextOf(EditStep step)
    {
        var subject = EditEngine.NeedsSubject(step) ? _state.Subject : null;
        if (subject is { IsEmpty: true })
        {
            throw new EditException("No subject was found in the picture: nothing in it stands out from its ground. Paint a mask of what is meant, or send a picture with something in front.");
        }

        var painted = step.Target != EditTarget.Mask ? null
            : _state.Mask is null ? throw new EditException("The step is about the painted region, and no mask was given. Give one with the picture.")
            : _state.Mask.IsEmpty ? throw new EditException("The mask is empty: none of its pixels are white. Paint what is to change white.")
            : _state.Mask;
        var isBackground = step.Task == EditTask.Background;
        return new EditContext
        {
            Picture = _state.Picture,
            Region = painted ?? (isBackground || step.Target == EditTarget.Ground ? subject?.Invert() : step.Target == EditTarget.Subject ? subject : null),
            Subject = painted is null ? _state.Subject : isBackground ? painted.Invert() : painted,
            Background = _inputs.Background,
            Stickers = _stickers,
            // Steps of one plan draw different numbers.
            Seed = (_inputs.Seed + Done) & ((1L << 53) - 1),
        };
    }
}
