using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Color;

/// <summary>What happens to one colour: red, green and blue from 0 to 1; the fourth number is not looked at.</summary>
internal static class ColorFormulas
{
    /// <summary>Luma (ITU-R BT.709).</summary>
    private static readonly Vector4 LumaWeights = new(0.2126f, 0.7152f, 0.0722f, 0);

    /// <summary>How light a colour looks, 0 to 1.</summary>
    public static float Luma(Vector4 color) => Vector4.Dot(color, LumaWeights);

    /// <summary>The power that brings a region halfway from its own mean luma to a colour's, ¼ to 4: white cannot be red, nor can black, unless they give way.</summary>
    /// <param name="mean">The region's mean luma.</param>
    /// <param name="target">The colour's luma.</param>
    public static float TintExponent(float mean, float target)
    {
        mean = Math.Clamp(mean, 0.02f, 0.98f);
        var wanted = Math.Clamp((mean + target) / 2, 0.02f, 0.98f);
        return Math.Clamp(MathF.Log(wanted) / MathF.Log(mean), 0.25f, 4);
    }

    /// <summary>The colour's hue and saturation at the pixel's luma (the blend mode "color": W3C Compositing and Blending Level 1, §13.3, with luma of BT.709).</summary>
    /// <param name="pixel">The pixel.</param>
    /// <param name="color">The colour.</param>
    /// <param name="exponent">Of the pixel's luma.</param>
    public static Vector4 Tinted(Vector4 pixel, Vector4 color, float exponent)
    {
        var luma = MathF.Pow(Luma(pixel), exponent);
        return ClipColor(color + new Vector4(luma - Luma(color)), luma);
    }

    /// <summary>The distance from grey times a factor.</summary>
    public static Vector4 Saturated(Vector4 pixel, float factor)
    {
        var luma = Luma(pixel);
        return ClipColor(new Vector4(luma) + ((pixel - new Vector4(luma)) * factor), luma);
    }

    /// <summary>More: towards an S-curve (smoothstep, twice), which keeps black and white; less: towards mid-grey.</summary>
    public static Vector4 Contrasted(Vector4 pixel, float amount)
    {
        var target = amount > 0 ? Smooth(Smooth(Vector4.Clamp(pixel, Vector4.Zero, Vector4.One))) : new Vector4(0.5f);
        return Vector4.Lerp(pixel, target, Math.Abs(amount));

        static Vector4 Smooth(Vector4 x) => x * x * (new Vector4(3) - (2 * x));
    }

    /// <summary>Red up and blue down by up to a quarter, at the same luma.</summary>
    public static Vector4 Warmed(Vector4 pixel, float amount)
    {
        var luma = Luma(pixel);
        var warm = pixel * new Vector4(1 + (0.25f * amount), 1, 1 - (0.25f * amount), 1);
        var now = Luma(warm);
        return ClipColor(now > 0 ? warm * (luma / now) : warm, luma);
    }

    /// <summary>Brings a colour of that luma back into range, towards grey.</summary>
    private static Vector4 ClipColor(Vector4 color, float luma)
    {
        var least = Math.Min(color.X, Math.Min(color.Y, color.Z));
        var most = Math.Max(color.X, Math.Max(color.Y, color.Z));
        var grey = new Vector4(luma);
        if (least < 0)
        {
            color = grey + ((color - grey) * (luma / (luma - least)));
        }
        if (most > 1)
        {
            color = grey + ((color - grey) * ((1 - luma) / (most - luma)));
        }
        return color;
    }
}

/// <summary>How light a region is.</summary>
internal static class MeanLuma
{
    /// <summary>The mean luma of a region's pixels, by how much of each belongs to it, 0 to 1.</summary>
    public static float Of(SourcePicture picture, EditMask? region, CancellationToken cancellationToken)
    {
        var sums = new (double Luma, double Weight)[picture.Height];
        Rows.ForEach(
            picture.Height,
            y =>
            {
                var rented = ArrayPool<float>.Shared.Rent(picture.Width * SourcePicture.Channels);
                var samples = rented.AsSpan(0, picture.Width * SourcePicture.Channels);
                var (luma, weight) = (0.0, 0.0);
                if (region is null || region.Row(y).ContainsAnyExcept((byte)0))
                {
                    picture.ReadRow(y, samples);
                    var pixels = MemoryMarshal.Cast<float, Vector4>(samples);
                    for (var x = 0; x < pixels.Length; x++)
                    {
                        var share = (region is null ? 1 : region.Row(y)[x] / 255.0) * pixels[x].W;
                        (luma, weight) = (luma + (share * ColorFormulas.Luma(pixels[x])), weight + share);
                    }
                }
                ArrayPool<float>.Shared.Return(rented);
                sums[y] = (luma, weight);
            },
            cancellationToken);
        var total = sums.Sum(sum => sum.Weight);
        return total > 0 ? (float)(sums.Sum(sum => sum.Luma) / total) : 0;
    }
}
