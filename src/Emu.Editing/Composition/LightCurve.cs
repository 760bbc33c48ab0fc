using System.Numerics;

namespace Emu.Editing.Composition;

/// <summary>Samples to linear light and back, so that means are those of light. Colour spaces of photographs have curves close to a power of 2.2.</summary>
internal static class LightCurve
{
    private const float Power = 2.2f;
    private const int Steps = 1 << 12;

    private static readonly float[] ToLight = [.. Enumerable.Range(0, Steps + 2).Select(i => MathF.Pow(i / (float)Steps, Power))];

    /// <summary>Light to samples by the root of the value, where the curve is steep near black.</summary>
    private static readonly float[] ToSample = [.. Enumerable.Range(0, Steps + 2).Select(i => MathF.Pow(i / (float)Steps, 2 / Power))];

    /// <summary>Red, green and blue as light; the fourth number stays.</summary>
    public static Vector4 Decode(Vector4 samples) => new(Look(ToLight, samples.X), Look(ToLight, samples.Y), Look(ToLight, samples.Z), samples.W);

    /// <summary>Red, green and blue as samples; the fourth number stays.</summary>
    public static Vector4 Encode(Vector4 light)
    {
        var root = Vector4.SquareRoot(Vector4.Max(light, Vector4.Zero));
        return new(Look(ToSample, root.X), Look(ToSample, root.Y), Look(ToSample, root.Z), light.W);
    }

    private static float Look(float[] table, float value)
    {
        var place = Math.Clamp(value, 0f, 1f) * Steps;
        var index = (int)place;
        return table[index] + ((table[index + 1] - table[index]) * (place - index));
    }
}
