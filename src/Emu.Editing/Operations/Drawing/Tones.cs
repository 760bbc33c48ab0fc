using System.Runtime.CompilerServices;

namespace Emu.Editing.Operations.Drawing;

/// <summary>Curves of light.</summary>
internal static class Tones
{
    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, smooth between (3t² − 2t³).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Step(float value, float from, float to)
    {
        var t = Math.Clamp((value - from) / (to - from), 0f, 1f);
        return t * t * (3f - (2f * t));
    }

    /// <summary>The plane with two of its quantiles at 0 and 1. A flat plane stays as it is.</summary>
    /// <param name="plane">Values from 0 to 1.</param>
    /// <param name="low">The share of pixels below 0.</param>
    /// <param name="high">The share of pixels below 1.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Plane Stretched(Plane plane, float low, float high, CancellationToken cancellationToken)
    {
        var counts = new int[1024];
        foreach (var value in plane.Values)
        {
            counts[(int)Math.Clamp(value * 1023f, 0f, 1023f)]++;
        }
        var (from, to) = (Quantile(counts, plane.Values.Length * (double)low), Quantile(counts, plane.Values.Length * (double)high));
        return to - from < 0.1f ? plane : plane.Map(value => Math.Clamp((value - from) / (to - from), 0f, 1f), cancellationToken);
    }

    private static float Quantile(int[] counts, double below)
    {
        var bin = 0;
        for (double sum = counts[0]; sum < below && bin < counts.Length - 1; sum += counts[bin])
        {
            bin++;
        }
        return bin / 1023f;
    }

    /// <summary>The colour with more (above 1) or less (below 1) saturation, between 0 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Saturate(ref float red, ref float green, ref float blue, float factor)
    {
        var luma = (0.2126f * red) + (0.7152f * green) + (0.0722f * blue);
        red = Math.Clamp(luma + (factor * (red - luma)), 0f, 1f);
        green = Math.Clamp(luma + (factor * (green - luma)), 0f, 1f);
        blue = Math.Clamp(luma + (factor * (blue - luma)), 0f, 1f);
    }
}
