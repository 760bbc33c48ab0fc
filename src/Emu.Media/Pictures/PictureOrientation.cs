using System.Runtime.InteropServices;

namespace Emu.Media.Pictures;

/// <summary>How the stored picture is to be turned for viewing: EXIF's orientation, tag 0x0112.</summary>
public enum PictureOrientation
{
    /// <summary>As stored.</summary>
    Upright = 1,

    /// <summary>Left and right swapped.</summary>
    MirroredHorizontally = 2,

    /// <summary>Turned by half.</summary>
    Rotated180 = 3,

    /// <summary>Top and bottom swapped.</summary>
    MirroredVertically = 4,

    /// <summary>Rows and columns swapped.</summary>
    Transposed = 5,

    /// <summary>To be turned clockwise by a quarter.</summary>
    Rotated90 = 6,

    /// <summary>Rows and columns swapped, then turned by half.</summary>
    Transverse = 7,

    /// <summary>To be turned counter-clockwise by a quarter.</summary>
    Rotated270 = 8,
}

/// <summary>Turns pictures the way their orientation says.</summary>
public static class PictureOrienting
{
    /// <summary>Whether width and height change places.</summary>
    public static bool SwapsSides(this PictureOrientation orientation) => orientation >= PictureOrientation.Transposed;

    /// <summary>The picture as it is meant to be seen.</summary>
    public static Picture Oriented(this Picture picture, PictureOrientation orientation)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (IsUpright(orientation))
        {
            return picture;
        }
        var (width, height) = orientation.SwapsSides() ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        return Picture.Create(width, height, (picture, orientation), static (samples, state) =>
            Turn(MemoryMarshal.Cast<byte, uint>(state.picture.Samples), state.picture.Width, state.picture.Height, state.orientation, MemoryMarshal.Cast<byte, uint>(samples)));
    }

    /// <summary>The picture as it is meant to be seen; its samples are copied, its metadata kept.</summary>
    public static SourcePicture Oriented(this SourcePicture picture, PictureOrientation orientation)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (IsUpright(orientation))
        {
            return picture;
        }
        var (width, height) = orientation.SwapsSides() ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        return SourcePicture.Create(width, height, picture.Bits, picture.Metadata, (picture, orientation), static (bytes, state) =>
        {
            var (picture, orientation) = state;
            if (picture.Bits == 8)
            {
                Turn(MemoryMarshal.Cast<byte, uint>(picture.Bytes), picture.Width, picture.Height, orientation, MemoryMarshal.Cast<byte, uint>(bytes));
            }
            else
            {
                Turn(MemoryMarshal.Cast<byte, ulong>(picture.Bytes), picture.Width, picture.Height, orientation, MemoryMarshal.Cast<byte, ulong>(bytes));
            }
        });
    }

    private static bool IsUpright(PictureOrientation orientation) => orientation is < PictureOrientation.Upright or > PictureOrientation.Rotated270
        ? throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "Orientations are 1 to 8.")
        : orientation == PictureOrientation.Upright;

    /// <summary>Walks the destination in order; the source by a start and two strides.</summary>
    private static void Turn<TPixel>(ReadOnlySpan<TPixel> source, int w, int h, PictureOrientation orientation, Span<TPixel> destination)
        where TPixel : unmanaged
    {
        var last = (w * h) - 1;
        var (start, alongX, alongY) = orientation switch
        {
            PictureOrientation.MirroredHorizontally => (w - 1, -1, w),
            PictureOrientation.Rotated180 => (last, -1, -w),
            PictureOrientation.MirroredVertically => (w * (h - 1), 1, -w),
            PictureOrientation.Transposed => (0, w, 1),
            PictureOrientation.Rotated90 => (w * (h - 1), -w, 1),
            PictureOrientation.Transverse => (last, -w, -1),
            _ => (w - 1, w, -1),
        };
        var width = orientation.SwapsSides() ? h : w;
        for (var y = 0; y * width < destination.Length; y++)
        {
            var at = start + (y * alongY);
            foreach (ref var pixel in destination.Slice(y * width, width))
            {
                pixel = source[at];
                at += alongX;
            }
        }
    }
}
