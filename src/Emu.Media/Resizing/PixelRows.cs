using System.Numerics;
using System.Runtime.CompilerServices;
using Emu.Media.Pictures;

namespace Emu.Media.Resizing;

/// <summary>Gives a picture row by row as premultiplied pixels (<see cref="PremultipliedPixels"/>).</summary>
internal interface IPixelRows
{
    /// <summary>Writes row <paramref name="y"/>.</summary>
    void Load(int y, Span<Vector4> row);
}

/// <summary>Rows of a network's planes, <c>[4, height, width]</c>, premultiplied, −1 to 1.</summary>
internal readonly ref struct PlaneRows(ReadOnlySpan<float> planes, int width, int height) : IPixelRows
{
    private readonly ReadOnlySpan<float> _planes = planes;
    private readonly int _width = width;
    private readonly int _plane = width * height;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int y, Span<Vector4> row)
    {
        var red = _planes.Slice(y * _width, _width);
        var green = _planes.Slice(_plane + (y * _width), _width);
        var blue = _planes.Slice((2 * _plane) + (y * _width), _width);
        var alpha = _planes.Slice((3 * _plane) + (y * _width), _width);
        for (var i = 0; i < row.Length; i++)
        {
            // A network's values may lie a little outside; beyond the range they mean no more than its end.
            var pixel = new Vector4(red[i], green[i], blue[i], alpha[i]);
            row[i] = (Vector4.Clamp(pixel, -Vector4.One, Vector4.One) + Vector4.One) * 0.5f;
        }
    }
}

/// <summary>Rows of a picture's samples.</summary>
internal readonly struct SampleRows(Picture picture) : IPixelRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int y, Span<Vector4> row)
    {
        var samples = picture.Row(y);
        for (int i = 0, s = 0; i < row.Length; i++, s += Picture.Channels)
        {
            var alpha = samples[s + 3] / 255f;
            var scale = alpha / 255f;
            row[i] = new Vector4(samples[s] * scale, samples[s + 1] * scale, samples[s + 2] * scale, alpha);
        }
    }
}

/// <summary>Pixels as four floats: red, green, blue (times alpha) and alpha, 0 to 1.</summary>
internal static class PremultipliedPixels
{
    /// <summary>Writes straight samples. Filters overshoot: alpha is brought back to 0..1, colour to 0..alpha.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="samples">Four for each; zero beforehand.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(ReadOnlySpan<Vector4> pixels, Span<byte> samples)
    {
        for (int i = 0, s = 0; i < pixels.Length; i++, s += Picture.Channels)
        {
            var pixel = pixels[i];
            var opacity = (byte)((Math.Clamp(pixel.W, 0f, 1f) * 255f) + 0.5f);
            if (opacity == 0)
            {
                continue;
            }
            var straight = Vector4.Clamp(pixel / Math.Min(pixel.W, 1f), Vector4.Zero, Vector4.One) * 255f;
            samples[s] = (byte)(straight.X + 0.5f);
            samples[s + 1] = (byte)(straight.Y + 0.5f);
            samples[s + 2] = (byte)(straight.Z + 0.5f);
            samples[s + 3] = opacity;
        }
    }
}
