using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Operations.Background;
using Emu.Editing.Operations.Removal;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Geometry;

/// <summary>Moves and scales the subject: it is cut out, its place is filled, and it is laid over that. Moved, its samples are copied.</summary>
internal sealed class SubjectOperator : IEditOperator<MoveSubject>, IEditOperator<ScaleSubject>
{
    /// <summary>Pixels around the subject that are cut out with it, for its edge's colours.</summary>
    private const int CutMargin = 24;

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, MoveSubject operation, CancellationToken cancellationToken)
    {
        var (mask, box) = SubjectOf(context);
        var (width, height) = (context.Picture.Width, context.Picture.Height);
        var (right, down) = operation.Place is { } place
            ? Towards(place, box, width, height)
            : ((int)Math.Round(operation.Right * width), (int)Math.Round(operation.Down * height));
        if (box.X + right >= width || box.Y + down >= height || box.X + box.Width + right <= 0 || box.Y + box.Height + down <= 0)
        {
            throw new EditException("The subject would leave the picture. Move it less far, or remove it.");
        }
        return RunAsync(context, mask, box, (x, y) => (x - right, y - down), factor: 1, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, ScaleSubject operation, CancellationToken cancellationToken)
    {
        if (operation.Factor is not (>= 0.1 and <= 4))
        {
            throw new EditException(FormattableString.Invariant($"The subject cannot be made {operation.Factor} times as large. Accepted: 0.1 to 4."));
        }
        var (mask, box) = SubjectOf(context);
        var (footX, footY) = (box.X + (box.Width / 2.0) - 0.5, box.Y + box.Height - 1.0);
        return RunAsync(context, mask, box, (x, y) => ((float)(footX + ((x - footX) / operation.Factor)), (float)(footY + ((y - footY) / operation.Factor))), operation.Factor, cancellationToken);
    }

    private static (EditMask Mask, (int X, int Y, int Width, int Height) Box) SubjectOf(EditContext context)
    {
        var mask = context.Region ?? context.Subject;
        return mask?.BoundingBox(above: 0) is { } box ? (mask, box) : throw new EditException("There is no subject to move. Paint a mask of what is meant.");
    }

    /// <summary>How far to go until the subject's box lies at a place, with a small margin.</summary>
    private static (int Right, int Down) Towards(Placement place, (int X, int Y, int Width, int Height) box, int width, int height)
    {
        var margin = Math.Min(width, height) / 40;
        var (left, top, right, bottom) = (margin - box.X, margin - box.Y, width - margin - box.Width - box.X, height - margin - box.Height - box.Y);
        var (middleX, middleY) = (((width - box.Width) / 2) - box.X, ((height - box.Height) / 2) - box.Y);
        return place switch
        {
            Placement.Center => (middleX, middleY),
            Placement.Top => (0, top),
            Placement.Bottom => (0, bottom),
            Placement.Left => (left, 0),
            Placement.Right => (right, 0),
            Placement.TopLeft => (left, top),
            Placement.TopRight => (right, top),
            Placement.BottomLeft => (left, bottom),
            Placement.BottomRight => (right, bottom),
            _ => throw new EditException("The subject can be moved to the middle, an edge or a corner of the picture."),
        };
    }

    private static Task<EditResult> RunAsync(EditContext context, EditMask mask, (int X, int Y, int Width, int Height) box, Func<float, float, (float X, float Y)> place, double factor, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var picture = context.Picture;
            var hole = RemoveOperator.HoleOf(picture, mask, cancellationToken);
            var filled = ExemplarFill.Fill(picture, hole, context.Seed, cancellationToken);
            var (left, top) = (Math.Max(0, box.X - CutMargin), Math.Max(0, box.Y - CutMargin));
            var (width, height) = (Math.Min(picture.Width, box.X + box.Width + CutMargin) - left, Math.Min(picture.Height, box.Y + box.Height + CutMargin) - top);
            var cut = GroundReplacement.Apply(
                picture.Cropped(left, top, width, height, cancellationToken),
                mask.Cropped(left, top, width, height).Invert(),
                Grounds.Solid(PictureColor.Transparent),
                cancellationToken);
            var moved = mask.Resampled(picture.Width, picture.Height, (x, y) => place(x, y), cancellationToken);
            // What is made smaller is the mean of several places.
            var samples = Math.Max(1, (int)Math.Ceiling(1 / factor));
            var result = SourcePicture.CreateByRows(
                picture.Width,
                picture.Height,
                picture.Bits,
                picture.Metadata,
                (y, bytes) => Lay(filled, cut, (left, top), moved.Row(y), y, place, samples, bytes),
                cancellationToken);
            return new EditResult(result, hole.Union(moved)) { Subject = moved };
        },
        cancellationToken);

    /// <summary>Lays a row of the cut subject over the filled ground.</summary>
    private static void Lay(SourcePicture filled, SourcePicture cut, (int Left, int Top) corner, ReadOnlySpan<byte> mask, int y, Func<float, float, (float X, float Y)> place, int samples, Span<byte> bytes)
    {
        filled.RowBytes(y).CopyTo(bytes);
        var first = mask.IndexOfAnyExcept((byte)0);
        if (first < 0)
        {
            return;
        }
        var rented = ArrayPool<float>.Shared.Rent(filled.Width * SourcePicture.Channels);
        var row = rented.AsSpan(0, filled.Width * SourcePicture.Channels);
        filled.ReadRow(y, row);
        var pixels = MemoryMarshal.Cast<float, Vector4>(row);
        for (var x = first; x < pixels.Length; x++)
        {
            if (mask[x] == 0)
            {
                continue;
            }
            var sum = Vector4.Zero;
            for (var i = 0; i < samples * samples; i++)
            {
                var (column, line) = place(x + (((i % samples) + 0.5f) / samples) - 0.5f, y + (((i / samples) + 0.5f) / samples) - 0.5f);
                sum += PixelReader.Between(cut, column - corner.Left, line - corner.Top);
            }
            sum /= samples * samples;
            var ground = pixels[x];
            var below = ground.W * (1 - Math.Clamp(sum.W, 0, 1));
            pixels[x] = PixelReader.Straight(((ground * below) with { W = below }) + sum);
        }
        SourcePicture.WriteRow(row, filled.Bits, bytes);
        ArrayPool<float>.Shared.Return(rented);
    }
}
