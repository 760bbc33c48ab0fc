using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Vision;

/// <summary>Shows the subject's mask: the subject in one colour, through which the picture is seen, with a light line around it. The ground stays.</summary>
public sealed class SegmentOperator : IEditOperator<Segment>
{
    private const double LineWidth = 0.005;
    private const float Opacity = 0.55f;

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Segment operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.Run(() => Draw(context, FoundSubjects.Of(context), cancellationToken), cancellationToken);
    }

    private static EditResult Draw(EditContext context, FoundSubject found, CancellationToken cancellationToken)
    {
        var picture = context.Picture;
        var mask = found.Mask;
        var line = mask.Grow(Math.Max(1.5, LineWidth * Math.Min(picture.Width, picture.Height)), cancellationToken);
        var drawn = RegionEdit.Apply(picture, line, (y, row) =>
        {
            var inside = mask.Row(y);
            for (var x = 0; x < inside.Length; x++)
            {
                var share = inside[x] / 255f;
                var pixel = row.Slice(x * SourcePicture.Channels, 3);
                pixel[0] = Mixed(pixel[0], 0.93f, share);
                pixel[1] = Mixed(pixel[1], 0.11f, share);
                pixel[2] = Mixed(pixel[2], 0.62f, share);
            }
        }, cancellationToken);
        return new EditResult(drawn, line) { Found = found };
    }

    /// <summary>The colour over the picture where the subject is, white where it is not.</summary>
    private static float Mixed(float below, float color, float share) => (share * (below + (Opacity * (color - below)))) + (1f - share);
}
