using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Vision;

/// <summary>Draws a box around the subject: a bright line between two dark ones. Only the lines change.</summary>
public sealed class DetectOperator : IEditOperator<Detect>
{
    // The line's thickness as a share of the picture's shorter side; a quarter on each side is dark.
    private const double Thickness = 0.009;

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Detect operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.Run(() => Draw(context, FoundSubjects.Of(context), cancellationToken), cancellationToken);
    }

    private static EditResult Draw(EditContext context, FoundSubject found, CancellationToken cancellationToken)
    {
        var picture = context.Picture;
        var thickness = Math.Max(3, (int)Math.Round(Thickness * Math.Min(picture.Width, picture.Height)));
        var edge = Math.Max(1, thickness / 4);
        // The line lies around the box, or within the picture where the box touches its border.
        var left = Math.Max(0, found.X - thickness);
        var top = Math.Max(0, found.Y - thickness);
        var right = Math.Min(picture.Width, found.X + found.Width + thickness);
        var bottom = Math.Min(picture.Height, found.Y + found.Height + thickness);
        var changed = EditMask.CreateByRows(picture.Width, picture.Height, (y, row) =>
        {
            row.Clear();
            for (var x = left; x < right; x++)
            {
                row[x] = Depth(x, y) is var depth && depth >= 0 && depth < thickness ? (byte)255 : (byte)0;
            }
        }, cancellationToken);
        var drawn = RegionEdit.Apply(picture, changed, (y, row) =>
        {
            for (var x = left; x < right; x++)
            {
                var depth = Depth(x, y);
                var pixel = row.Slice(x * SourcePicture.Channels, SourcePicture.Channels);
                var isBright = depth >= edge && depth < thickness - edge;
                (pixel[0], pixel[1], pixel[2], pixel[3]) = isBright ? (0.75f, 1f, 0.1f, 1f) : (0.05f, 0.08f, 0.02f, 1f);
            }
        }, cancellationToken);
        return new EditResult(drawn, changed) { Found = found };

        // How far a pixel lies within the outer rectangle; negative outside.
        int Depth(int x, int y) => Math.Min(Math.Min(x - left, right - 1 - x), Math.Min(y - top, bottom - 1 - y));
    }
}
