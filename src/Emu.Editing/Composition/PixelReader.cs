using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Media.Pictures;

namespace Emu.Editing.Composition;

/// <summary>Reads single pixels, also between pixels.</summary>
internal static class PixelReader
{
    /// <summary>A pixel as straight red, green, blue and alpha, 0 to 1.</summary>
    public static Vector4 Read(SourcePicture picture, int x, int y)
    {
        var bytes = picture.Bytes.Slice(((y * picture.Width) + x) * picture.BytesPerPixel, picture.BytesPerPixel);
        if (picture.Bits == 8)
        {
            return new Vector4(bytes[0], bytes[1], bytes[2], bytes[3]) * (1f / 255f);
        }
        var wide = MemoryMarshal.Cast<byte, ushort>(bytes);
        return new Vector4(wide[0], wide[1], wide[2], wide[3]) * (1f / 65_535f);
    }

    /// <summary>
    /// The colour between pixels by cubic convolution (Keys 1981, a = −½), times alpha, so that transparent pixels' colours do
    /// not bleed in. Beyond the borders their pixels go on.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="x">Column: 0 is the middle of the first.</param>
    /// <param name="y">Row: 0 is the middle of the first.</param>
    /// <returns>Red, green, blue times alpha, and alpha.</returns>
    public static Vector4 Between(SourcePicture picture, float x, float y)
    {
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (across, down) = (Weights(x - left), Weights(y - top));
        var sum = Vector4.Zero;
        for (var row = 0; row < 4; row++)
        {
            var line = Vector4.Zero;
            for (var column = 0; column < 4; column++)
            {
                var pixel = Read(picture, Math.Clamp(left + column - 1, 0, picture.Width - 1), Math.Clamp(top + row - 1, 0, picture.Height - 1));
                line += Premultiplied(pixel) * across[column];
            }
            sum += line * down[row];
        }
        return sum;
    }

    /// <summary>Straight colours from those times alpha, in range.</summary>
    public static Vector4 Straight(Vector4 pixel)
    {
        var alpha = Math.Clamp(pixel.W, 0f, 1f);
        return alpha <= 0 ? default : Vector4.Clamp(pixel / alpha, Vector4.Zero, Vector4.One) with { W = alpha };
    }

    private static Vector4 Premultiplied(Vector4 pixel) => (pixel * pixel.W) with { W = pixel.W };

    private static Vector4 Weights(float t)
    {
        var (square, cube) = (t * t, t * t * t);
        return new Vector4(
            (-0.5f * cube) + square - (0.5f * t),
            (1.5f * cube) - (2.5f * square) + 1,
            (-1.5f * cube) + (2 * square) + (0.5f * t),
            (0.5f * cube) - (0.5f * square));
    }
}
