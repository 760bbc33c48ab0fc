using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Removal;

/// <summary>Removes a region and fills its place.</summary>
internal sealed class RemoveOperator : IEditOperator<Remove>
{
    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Remove operation, CancellationToken cancellationToken)
    {
        var region = context.Region ?? context.Subject ?? throw new EditException("It is not said what is to go. Name the subject, or paint a mask of it.");
        return Task.Run(
            () =>
            {
                var hole = HoleOf(context.Picture, region, cancellationToken);
                return new EditResult(ExemplarFill.Fill(context.Picture, hole, context.Seed, cancellationToken), hole) { SubjectGone = true };
            },
            cancellationToken);
    }

    /// <summary>A region with a margin that also takes its soft edge and what it throws onto its surroundings.</summary>
    internal static EditMask HoleOf(SourcePicture picture, EditMask region, CancellationToken cancellationToken) =>
        region.Threshold(32).Grow(Math.Max(2, Math.Min(picture.Width, picture.Height) / 150.0), cancellationToken);
}
