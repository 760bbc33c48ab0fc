using Emu.Media.Pictures;

namespace Emu.Media.Resizing;

/// <summary>Brings pictures to a size or a shape.</summary>
public static class PictureFitting
{
    /// <summary>The picture in exactly this size; its shape may change.</summary>
    public static Picture Resized(this Picture picture, int width, int height, ResizeFilter filter = ResizeFilter.Best)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return picture.Width == width && picture.Height == height
            ? picture
            : new PictureResizer(picture.Width, picture.Height, width, height, filter).Resize(picture);
    }

    /// <summary>The picture made smaller, if need be, to fit within this size; its shape is kept. Never larger.</summary>
    public static Picture Within(this Picture picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var (w, h) = SizeWithin(picture, width, height);
        return w >= picture.Width && h >= picture.Height ? picture : picture.Resized(w, h);
    }

    /// <summary>The whole picture, as large as it fits, in the middle of a ground of exactly this size.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="background">The ground; transparent by default. It also lies under the picture's transparent parts.</param>
    public static Picture Contain(this Picture picture, int width, int height, PictureColor background = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var (w, h) = SizeWithin(picture, width, height);
        return picture.Resized(w, h).Padded((width - w) / 2, (height - h) / 2, width, height, background);
    }

    /// <summary>The middle of the picture, filling exactly this size.</summary>
    public static Picture Cover(this Picture picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        // Cut first: a long thin picture would become huge if it were enlarged as a whole.
        var wide = (long)picture.Width * height > (long)picture.Height * width;
        var w = wide ? Rounded((double)picture.Height * width / height, picture.Width) : picture.Width;
        var h = wide ? picture.Height : Rounded((double)picture.Width * height / width, picture.Height);
        return picture.Cropped((picture.Width - w) / 2, (picture.Height - h) / 2, w, h).Resized(width, height);
    }

    /// <summary>A rectangle of the picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is empty or reaches out of the picture.</exception>
    public static Picture Cropped(this Picture picture, int x, int y, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (x < 0 || y < 0 || width < 1 || height < 1 || x > picture.Width - width || y > picture.Height - height)
        {
            throw new ArgumentOutOfRangeException(nameof(width), $"{width}x{height} at ({x}, {y}) does not lie within {picture.Width}x{picture.Height}.");
        }
        if (width == picture.Width && height == picture.Height)
        {
            return picture;
        }
        return Picture.Create(width, height, (picture, x, y, width), static (samples, state) =>
        {
            var rowLength = state.width * Picture.Channels;
            for (var row = 0; row * rowLength < samples.Length; row++)
            {
                state.picture.Row(state.y + row).Slice(state.x * Picture.Channels, rowLength).CopyTo(samples[(row * rowLength)..]);
            }
        });
    }

    /// <summary>The picture on a larger ground.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="x">Where its left edge lies.</param>
    /// <param name="y">Where its top edge lies.</param>
    /// <param name="width">Width of the ground.</param>
    /// <param name="height">Height of the ground.</param>
    /// <param name="background">The ground; transparent by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The picture reaches out of the ground.</exception>
    public static Picture Padded(this Picture picture, int x, int y, int width, int height, PictureColor background = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (x < 0 || y < 0 || x > width - picture.Width || y > height - picture.Height)
        {
            throw new ArgumentOutOfRangeException(nameof(width), $"{picture.Width}x{picture.Height} at ({x}, {y}) does not lie within {width}x{height}.");
        }
        if (width == picture.Width && height == picture.Height)
        {
            return picture.Over(background);
        }
        var padded = Picture.Create(width, height, (picture, x, y, width), static (samples, state) =>
        {
            for (var row = 0; row < state.picture.Height; row++)
            {
                state.picture.Row(row).CopyTo(samples[((((state.y + row) * state.width) + state.x) * Picture.Channels)..]);
            }
        });
        return padded.Over(background);
    }

    private static (int Width, int Height) SizeWithin(Picture picture, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return (long)picture.Width * height >= (long)picture.Height * width
            ? (width, Rounded((double)picture.Height * width / picture.Width, height))
            : (Rounded((double)picture.Width * height / picture.Height, width), height);
    }

    private static int Rounded(double value, int maximum) => Math.Clamp((int)Math.Round(value, MidpointRounding.AwayFromZero), 1, maximum);
}
