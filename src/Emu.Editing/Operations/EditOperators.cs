using Emu.Editing.Operations.Add;
using Emu.Editing.Operations.Background;
using Emu.Editing.Operations.Color;
using Emu.Editing.Operations.Drawing;
using Emu.Editing.Operations.Geometry;
using Emu.Editing.Operations.Global;
using Emu.Editing.Operations.Removal;
using Emu.Editing.Operations.Text;
using Emu.Editing.Operations.Vision;
using Emu.Editing.Plans;

namespace Emu.Editing.Operations;

/// <summary>Which operator does which operation.</summary>
internal sealed class EditOperators
{
    private readonly Dictionary<Type, Func<EditContext, EditOperation, CancellationToken, Task<EditResult>>> _operators = [];

    /// <summary>All there are.</summary>
    public static EditOperators All { get; } = new EditOperators()
        .Add(new SepiaOperator())
        .Add(new PosterizeOperator())
        .Add(new VignetteOperator())
        .Add(new DrawAsOperator())
        .Add(new WriteTextOperator())
        .Add(new AddStickerOperator())
        .Add(new DetectOperator())
        .Add(new SegmentOperator())
        .Add<SolidBackground>(new BackgroundOperator())
        .Add<GradientBackground>(new BackgroundOperator())
        .Add<BlurBackground>(new BackgroundOperator())
        .Add<TransparentBackground>(new BackgroundOperator())
        .Add<PictureBackground>(new BackgroundOperator())
        .Add<GeneratedBackground>(new GeneratedBackgroundOperator())
        .Add<Tint>(new ColorOperator())
        .Add<Saturate>(new ColorOperator())
        .Add<Brighten>(new ColorOperator())
        .Add<Contrast>(new ColorOperator())
        .Add<Warm>(new ColorOperator())
        .Add<Grey>(new ColorOperator())
        .Add<Sharpen>(new SharpnessOperator())
        .Add<Blur>(new SharpnessOperator())
        .Add<Rotate>(new TurningOperator())
        .Add<Flip>(new TurningOperator())
        .Add<Straighten>(new TurningOperator())
        .Add<Crop>(new CropOperator())
        .Add<MoveSubject>(new SubjectOperator())
        .Add<ScaleSubject>(new SubjectOperator())
        .Add<Remove>(new RemoveOperator());

    /// <summary>Adds an operator.</summary>
    public EditOperators Add<TOperation>(IEditOperator<TOperation> editor)
        where TOperation : EditOperation
    {
        _operators.Add(typeof(TOperation), (context, operation, cancellationToken) => editor.ApplyAsync(context, (TOperation)operation, cancellationToken));
        return this;
    }

    /// <summary>Applies an operation.</summary>
    /// <exception cref="EditException">It cannot be done.</exception>
    public Task<EditResult> ApplyAsync(EditContext context, EditOperation operation, CancellationToken cancellationToken) =>
        _operators.TryGetValue(operation.GetType(), out var apply)
            ? apply(context, operation, cancellationToken)
            : throw new EditException($"'{operation.GetType().Name}' cannot be done here.");
}
