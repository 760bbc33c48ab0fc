using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Composition;

/// <summary>Makes large pictures and masks smaller by whole factors: whatever looks at them at a small size would copy all of their samples otherwise.</summary>
public static class Reduction
{
    /// <summary>The means over squares, alpha taken into account, in 8 bits; the picture itself if it is not twice as large as asked for.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="side">The pixels that its shorter side keeps at least.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static SourcePicture Of(SourcePicture picture, int side, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var factor = Math.Min(picture.Width, picture.Height) / side;
        if (factor < 2)
        {
            return picture;
        }
        var grid = ColorGrid.Read(picture, factor, static (_, weights) => weights.Fill(1), isLight: false, cancellationToken);
        return SourcePicture.CreateByRows(
            grid.Width,
            grid.Height,
            8,
            picture.Metadata,
            (y, bytes) =>
            {
                var cells = grid.Cells.Slice(y * grid.Width, grid.Width);
                for (var x = 0; x < cells.Length; x++)
                {
                    // Each cell's weight is its alpha.
                    SourcePicture.WriteRow(MemoryMarshal.Cast<Vector4, float>([PixelReader.Straight(cells[x])]), 8, bytes.Slice(x * SourcePicture.Channels, SourcePicture.Channels));
                }
            },
            cancellationToken);
    }

    /// <summary>The means over squares; the mask itself if it is not twice as large as asked for.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="side">The pixels that its shorter side keeps at least.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static EditMask Of(EditMask mask, int side, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var factor = Math.Min(mask.Width, mask.Height) / side;
        return factor < 2 ? mask : EditMask.CreateByRows(
            (mask.Width + factor - 1) / factor,
            (mask.Height + factor - 1) / factor,
            (row, means) =>
            {
                var (top, bottom) = (row * factor, Math.Min(mask.Height, (row + 1) * factor));
                for (var x = 0; x < means.Length; x++)
                {
                    var (left, right, sum) = (x * factor, Math.Min(mask.Width, (x + 1) * factor), 0);
                    for (var y = top; y < bottom; y++)
                    {
                        foreach (var value in mask.Row(y)[left..right])
                        {
                            sum += value;
                        }
                    }
                    var count = (right - left) * (bottom - top);
                    means[x] = (byte)((sum + (count / 2)) / count);
                }
            },
            cancellationToken);
    }
}
