using System.Numerics;
using System.Runtime.CompilerServices;
using Emu.Media.Pictures;

namespace Emu.Media.Resizing;

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
