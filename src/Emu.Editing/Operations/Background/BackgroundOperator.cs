using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Editing.Operations.Background;

/// <summary>Puts the subject on another ground.</summary>
internal sealed class BackgroundOperator :
    IEditOperator<SolidBackground>,
    IEditOperator<GradientBackground>,
    IEditOperator<BlurBackground>,
    IEditOperator<TransparentBackground>,
    IEditOperator<PictureBackground>
{
    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, SolidBackground operation, CancellationToken cancellationToken) =>
        ReplaceAsync(context, () => Grounds.Solid(operation.Color), cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, GradientBackground operation, CancellationToken cancellationToken) =>
        ReplaceAsync(context, () => Grounds.Gradient(operation, context.Picture.Width, context.Picture.Height), cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, BlurBackground operation, CancellationToken cancellationToken) =>
        ReplaceAsync(context, () => Grounds.OutOfFocus(context.Picture, GroundOf(context), operation.Strength, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, TransparentBackground operation, CancellationToken cancellationToken) =>
        ReplaceAsync(context, () => Grounds.Solid(PictureColor.Transparent), cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, PictureBackground operation, CancellationToken cancellationToken) => context.Background is { } picture
        ? ReplaceAsync(context, () => Grounds.Of(picture.Cover(context.Picture.Width, context.Picture.Height)), cancellationToken)
        : throw new EditException("No picture was given to put behind the subject. Send one as the background, or name a colour.");

    /// <summary>Replaces the ground.</summary>
    internal static Task<EditResult> ReplaceAsync(EditContext context, Func<GroundRow> makeGround, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var ground = GroundOf(context);
            return new EditResult(GroundReplacement.Apply(context.Picture, ground, makeGround(), cancellationToken), ground);
        },
        cancellationToken);

    private static EditMask GroundOf(EditContext context) =>
        context.Region ?? context.Subject?.Invert() ?? throw new EditException("Without a subject there is no ground to change. Paint a mask of what is to change.");
}
