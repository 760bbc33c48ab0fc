using System.Runtime.CompilerServices;

namespace Emu.Media.Pictures;

/// <summary>
/// Pictures as networks see them: float planes, <c>[channels, height, width]</c>, −1 (none) to 1 (full).
/// </summary>
public static class PicturePlanes
{
    private const float ToUnit = 1f / 255f;

    /// <summary>Writes red, green, blue (each multiplied by alpha) and alpha: <c>[4, height, width]</c>, −1 to 1.</summary>
    /// <exception cref="ArgumentException">The destination is not 4 × height × width.</exception>
    public static void CopyToPremultipliedPlanes(this Picture picture, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var plane = CheckLength(picture.Width, picture.Height, 4, destination.Length, nameof(destination));
        var samples = picture.Samples;
        var red = destination[..plane];
        var green = destination.Slice(plane, plane);
        var blue = destination.Slice(2 * plane, plane);
        var alpha = destination.Slice(3 * plane, plane);
        for (int i = 0, s = 0; i < plane; i++, s += Picture.Channels)
        {
            var opacity = samples[s + 3] * ToUnit;
            var scale = opacity * (2f * ToUnit);
            red[i] = (samples[s] * scale) - 1f;
            green[i] = (samples[s + 1] * scale) - 1f;
            blue[i] = (samples[s + 2] * scale) - 1f;
            alpha[i] = (2f * opacity) - 1f;
        }
    }

    /// <summary>Reads what <see cref="CopyToPremultipliedPlanes"/> writes. Values outside −1..1 are clamped; where alpha is 0 the colour is 0.</summary>
    /// <param name="planes"><c>[4, height, width]</c>, premultiplied, −1 to 1.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <exception cref="ArgumentException">There are not 4 × height × width values.</exception>
    public static Picture FromPremultipliedPlanes(ReadOnlySpan<float> planes, int width, int height)
    {
        CheckLength(width, height, 4, planes.Length, nameof(planes));
        return Picture.Create(width, height, planes, FillFromPremultipliedPlanes);
    }

    // At once as fast as it gets: one video is over before the runtime would have compiled the loop a second time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillFromPremultipliedPlanes(Span<byte> samples, ReadOnlySpan<float> planes)
    {
        var plane = planes.Length / 4;
        var red = planes[..plane];
        var green = planes.Slice(plane, plane);
        var blue = planes.Slice(2 * plane, plane);
        var alpha = planes.Slice(3 * plane, plane);
        for (int i = 0, s = 0; i < plane; i++, s += Picture.Channels)
        {
            var opacity = Math.Clamp((alpha[i] + 1f) * 0.5f, 0f, 1f);
            samples[s + 3] = ToByte(opacity * 255f);
            if (samples[s + 3] == 0)
            {
                continue;
            }
            var scale = 127.5f / opacity;
            samples[s] = ToByte((red[i] + 1f) * scale);
            samples[s + 1] = ToByte((green[i] + 1f) * scale);
            samples[s + 2] = ToByte((blue[i] + 1f) * scale);
        }
    }

    /// <summary>Writes red, green and blue over a background: <c>[3, height, width]</c>, −1 to 1.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="background">What shows through where the picture is transparent; its own alpha is ignored.</param>
    /// <param name="destination"><c>[3, height, width]</c>.</param>
    /// <exception cref="ArgumentException">The destination is not 3 × height × width.</exception>
    public static void CopyToRgbPlanes(this Picture picture, PictureColor background, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var plane = CheckLength(picture.Width, picture.Height, 3, destination.Length, nameof(destination));
        var samples = picture.Samples;
        var red = destination[..plane];
        var green = destination.Slice(plane, plane);
        var blue = destination.Slice(2 * plane, plane);
        for (int i = 0, s = 0; i < plane; i++, s += Picture.Channels)
        {
            var opacity = samples[s + 3] * ToUnit;
            var rest = 1f - opacity;
            red[i] = (((samples[s] * opacity) + (background.Red * rest)) * (2f * ToUnit)) - 1f;
            green[i] = (((samples[s + 1] * opacity) + (background.Green * rest)) * (2f * ToUnit)) - 1f;
            blue[i] = (((samples[s + 2] * opacity) + (background.Blue * rest)) * (2f * ToUnit)) - 1f;
        }
    }

    /// <summary>Reads red, green and blue planes into an opaque picture. Values outside −1..1 are clamped.</summary>
    /// <param name="planes"><c>[3, height, width]</c>, −1 to 1.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <exception cref="ArgumentException">There are not 3 × height × width values.</exception>
    public static Picture FromRgbPlanes(ReadOnlySpan<float> planes, int width, int height)
    {
        CheckLength(width, height, 3, planes.Length, nameof(planes));
        return Picture.Create(width, height, planes, static (samples, planes) =>
        {
            var plane = planes.Length / 3;
            for (int i = 0, s = 0; i < plane; i++, s += Picture.Channels)
            {
                samples[s] = ToByte((planes[i] + 1f) * 127.5f);
                samples[s + 1] = ToByte((planes[plane + i] + 1f) * 127.5f);
                samples[s + 2] = ToByte((planes[(2 * plane) + i] + 1f) * 127.5f);
                samples[s + 3] = 255;
            }
        });
    }

    private static int CheckLength(int width, int height, int channels, int length, string name)
    {
        var plane = Picture.SampleCount(width, height) / Picture.Channels;
        return length == (long)plane * channels
            ? plane
            : throw new ArgumentException($"[{channels}, {height}, {width}] has {(long)plane * channels} values; {length} were given.", name);
    }

    /// <summary>Rounds to the nearest of 0..255; NaN becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ToByte(float value) => (byte)Math.Clamp(float.IsNaN(value) ? 0f : value + 0.5f, 0f, 255f);
}
