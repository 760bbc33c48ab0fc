using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Geometry;

/// <summary>Turns, mirrors and levels pictures. By quarters and mirrored, samples are copied.</summary>
internal sealed class TurningOperator : IEditOperator<Rotate>, IEditOperator<Flip>, IEditOperator<Straighten>
{
    /// <summary>Less cannot be seen.</summary>
    private const double LeastTilt = 0.1;

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Rotate operation, CancellationToken cancellationToken)
    {
        var degrees = ((operation.Degrees % 360) + 360) % 360;
        return degrees % 90 == 0
            ? OrientAsync(context, ((int)degrees / 90) switch { 0 => PictureOrientation.Upright, 1 => PictureOrientation.Rotated90, 2 => PictureOrientation.Rotated180, _ => PictureOrientation.Rotated270 }, cancellationToken)
            : Task.Run(() => Whole(context.Picture, degrees, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Flip operation, CancellationToken cancellationToken) =>
        OrientAsync(context, operation.Horizontal ? PictureOrientation.MirroredHorizontally : PictureOrientation.MirroredVertically, cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Straighten operation, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var picture = context.Picture;
            var degrees = operation.Degrees ?? -Tilt.Find(picture, cancellationToken);
            if (Math.Abs(degrees) < LeastTilt)
            {
                return new EditResult(picture, EditMask.CreateByRows(picture.Width, picture.Height, static (_, _) => { }, cancellationToken))
                {
                    Warnings = ["The picture looks level already, or has no long straight lines to level it by: nothing was changed. Say by how many degrees to turn it otherwise."],
                };
            }
            // The largest rectangle of the same shape without corners.
            var (sine, cosine) = Math.SinCos(Math.Abs(degrees) * Math.PI / 180);
            var (w, h) = ((double)picture.Width, (double)picture.Height);
            var share = Math.Min(w / ((w * cosine) + (h * sine)), h / ((w * sine) + (h * cosine)));
            return Turn(picture, degrees, Math.Max(1, (int)(w * share)), Math.Max(1, (int)(h * share)), cancellationToken) with
            {
                Warnings = operation.Degrees is null ? [FormattableString.Invariant($"The picture was turned by {degrees:0.#} degrees, and its corners were cut off.")] : [],
            };
        },
        cancellationToken);

    private static Task<EditResult> OrientAsync(EditContext context, PictureOrientation orientation, CancellationToken cancellationToken) => Task.Run(
        () => new EditResult(context.Picture.Oriented(orientation), null) { Map = mask => mask.Oriented(orientation) },
        cancellationToken);

    private static EditResult Whole(SourcePicture picture, double degrees, CancellationToken cancellationToken)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var width = (int)Math.Ceiling((Math.Abs(cosine) * picture.Width) + (Math.Abs(sine) * picture.Height) - 1e-6);
        var height = (int)Math.Ceiling((Math.Abs(sine) * picture.Width) + (Math.Abs(cosine) * picture.Height) - 1e-6);
        return Turn(picture, degrees, width, height, cancellationToken) with { Warnings = ["The corners beside the turned picture are transparent."] };
    }

    /// <summary>The picture turned about its middle.</summary>
    private static EditResult Turn(SourcePicture picture, double degrees, int width, int height, CancellationToken cancellationToken)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var turned = SourcePicture.CreateByRows(
            width,
            height,
            picture.Bits,
            picture.Metadata,
            (y, bytes) =>
            {
                var rented = ArrayPool<float>.Shared.Rent(width * SourcePicture.Channels);
                var samples = rented.AsSpan(0, width * SourcePicture.Channels);
                var pixels = MemoryMarshal.Cast<float, Vector4>(samples);
                for (var x = 0; x < width; x++)
                {
                    var (column, row) = Place(x, y);
                    // The border is soft by a pixel.
                    var inside = Math.Clamp(Math.Min(column, picture.Width - 1 - column) + 1, 0, 1) * Math.Clamp(Math.Min(row, picture.Height - 1 - row) + 1, 0, 1);
                    pixels[x] = inside > 0 ? PixelReader.Straight(PixelReader.Between(picture, column, row) * inside) : default;
                }
                SourcePicture.WriteRow(samples, picture.Bits, bytes);
                ArrayPool<float>.Shared.Return(rented);
            },
            cancellationToken);
        return new EditResult(turned, null) { Map = mask => mask.Resampled(width, height, Place, cancellationToken) };

        (float X, float Y) Place(int x, int y)
        {
            var (right, down) = (x - ((width - 1) / 2.0), y - ((height - 1) / 2.0));
            return ((float)((cosine * right) + (sine * down) + ((picture.Width - 1) / 2.0)), (float)((cosine * down) - (sine * right) + ((picture.Height - 1) / 2.0)));
        }
    }
}
