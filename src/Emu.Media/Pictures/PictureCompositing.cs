using System.Runtime.CompilerServices;

namespace Emu.Media.Pictures;

/// <summary>Pictures over grounds (Porter and Duff's <c>over</c>, in 8-bit sRGB as browsers do it).</summary>
public static class PictureCompositing
{
    /// <summary>The picture over one colour; opaque where either is.</summary>
    public static Picture Over(this Picture picture, PictureColor background)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!picture.HasTransparency || background.Alpha == 0)
        {
            return picture;
        }
        if (background.Alpha == 255)
        {
            return Picture.Create(picture.Width, picture.Height, (picture, background), static (samples, state) =>
                Flatten(state.picture.Samples, state.background, samples));
        }
        return picture.Over(Picture.Filled(picture.Width, picture.Height, background));
    }

    /// <summary>The picture over another of the same size.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static Picture Over(this Picture picture, Picture background)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(background);
        if (picture.Width != background.Width || picture.Height != background.Height)
        {
            throw new ArgumentException($"A picture of {picture.Width}x{picture.Height} does not lie on one of {background.Width}x{background.Height}.", nameof(background));
        }
        return Picture.Create(picture.Width, picture.Height, (picture, background), static (samples, state) =>
        {
            var top = state.picture.Samples;
            var bottom = state.background.Samples;
            for (var i = 0; i < samples.Length; i += Picture.Channels)
            {
                var above = top[i + 3] * 255;
                var below = bottom[i + 3] * (255 - top[i + 3]);
                var alpha = above + below;
                if (alpha == 0)
                {
                    continue;
                }
                samples[i] = (byte)(((top[i] * above) + (bottom[i] * below) + (alpha / 2)) / alpha);
                samples[i + 1] = (byte)(((top[i + 1] * above) + (bottom[i + 1] * below) + (alpha / 2)) / alpha);
                samples[i + 2] = (byte)(((top[i + 2] * above) + (bottom[i + 2] * below) + (alpha / 2)) / alpha);
                samples[i + 3] = (byte)((alpha + 127) / 255);
            }
        });
    }

    /// <summary>The picture over a grey checkerboard, which shows what is transparent.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="square">Side of a square in pixels.</param>
    public static Picture OverChecker(this Picture picture, int square = 16)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(square, 1);
        var checker = Picture.Create(picture.Width, picture.Height, (picture.Width, square), static (samples, state) =>
        {
            for (var i = 0; i < samples.Length; i += Picture.Channels)
            {
                var (y, x) = Math.DivRem(i / Picture.Channels, state.Width);
                samples.Slice(i, 3).Fill((((x / state.square) + (y / state.square)) & 1) == 0 ? (byte)255 : (byte)204);
                samples[i + 3] = 255;
            }
        });
        return picture.Over(checker);
    }

    /// <summary>Writes opaque samples over an opaque colour, rounding to nearest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Flatten(ReadOnlySpan<byte> source, PictureColor background, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i += Picture.Channels)
        {
            int alpha = source[i + 3];
            var rest = 255 - alpha;
            destination[i] = (byte)(((source[i] * alpha) + (background.Red * rest) + 127) / 255);
            destination[i + 1] = (byte)(((source[i + 1] * alpha) + (background.Green * rest) + 127) / 255);
            destination[i + 2] = (byte)(((source[i + 2] * alpha) + (background.Blue * rest) + 127) / 255);
            destination[i + 3] = 255;
        }
    }
}
