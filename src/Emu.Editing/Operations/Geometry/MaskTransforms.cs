using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Geometry;

/// <summary>Cuts pictures, and turns and moves masks as pictures are turned and moved.</summary>
internal static class MaskTransforms
{
    /// <summary>The mask turned by quarters or mirrored.</summary>
    public static EditMask Oriented(this EditMask mask, PictureOrientation orientation)
    {
        var picture = mask.ToSamples().Oriented(orientation);
        return EditMask.CreateByRows(picture.Width, picture.Height, (y, row) =>
        {
            var bytes = picture.RowBytes(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = bytes[x * SourcePicture.Channels];
            }
        });
    }

    /// <summary>A rectangle of the picture, its samples copied.</summary>
    public static SourcePicture Cropped(this SourcePicture picture, int left, int top, int width, int height, CancellationToken cancellationToken) => SourcePicture.CreateByRows(
        width,
        height,
        picture.Bits,
        picture.Metadata,
        (y, bytes) => picture.RowBytes(top + y).Slice(left * picture.BytesPerPixel, bytes.Length).CopyTo(bytes),
        cancellationToken);

    /// <summary>A rectangle of the mask.</summary>
    public static EditMask Cropped(this EditMask mask, int left, int top, int width, int height) =>
        EditMask.CreateByRows(width, height, (y, row) => mask.Row(top + y).Slice(left, width).CopyTo(row));

    /// <summary>The mask at other places: for each of the new mask's pixels a place in the old one, between pixels; outside it is 0.</summary>
    public static EditMask Resampled(this EditMask mask, int width, int height, Func<int, int, (float X, float Y)> place, CancellationToken cancellationToken) => EditMask.CreateByRows(
        width,
        height,
        (y, row) =>
        {
            for (var x = 0; x < row.Length; x++)
            {
                var (column, line) = place(x, y);
                row[x] = (byte)(Between(mask, column, line) + 0.5f);
            }
        },
        cancellationToken);

    /// <summary>Between four pixels; 0 beyond the borders.</summary>
    public static float Between(EditMask mask, float x, float y)
    {
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (u, v) = (x - left, y - top);
        var above = At(left, top) + ((At(left + 1, top) - At(left, top)) * u);
        var below = At(left, top + 1) + ((At(left + 1, top + 1) - At(left, top + 1)) * u);
        return above + ((below - above) * v);

        float At(int column, int row) => column >= 0 && row >= 0 && column < mask.Width && row < mask.Height ? mask.Values[(row * mask.Width) + column] : 0;
    }

    private static SourcePicture ToSamples(this EditMask mask) => SourcePicture.CreateByRows(mask.Width, mask.Height, 8, SourceMetadata.None, (y, row) =>
    {
        var values = mask.Row(y);
        for (var x = 0; x < values.Length; x++)
        {
            row.Slice(x * SourcePicture.Channels, SourcePicture.Channels).Fill(values[x]);
        }
    });
}
