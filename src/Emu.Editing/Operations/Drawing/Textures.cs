using System.Numerics.Tensors;

namespace Emu.Editing.Operations.Drawing;

/// <summary>Paper, pigment and pencil strokes, made of noise: the same for the same seed and size.</summary>
internal static class Textures
{
    /// <summary>Independent values from 0 to 1.</summary>
    public static Plane Noise(int width, int height, long seed, CancellationToken cancellationToken)
    {
        var noise = new Plane(width, height);
        Plane.ForRows(height, y =>
        {
            var row = noise.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = Hash(x, y, seed);
            }
        }, cancellationToken);
        return noise;
    }

    /// <summary>Soft clouds with a mean of 0 and a deviation of 1: noise of several sizes, each half as strong as the next larger one.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="largest">The largest clouds' size in pixels.</param>
    /// <param name="octaves">How many sizes; each is half of the one before.</param>
    /// <param name="seed">Chooses the clouds.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Plane Clouds(int width, int height, float largest, int octaves, long seed, CancellationToken cancellationToken)
    {
        var sum = new Plane(width, height);
        var strength = 1f;
        for (var octave = 0; octave < octaves && largest >= 1; octave++, largest /= 2, strength /= 2)
        {
            var (w, h) = (Math.Max(2, (int)(width / largest) + 1), Math.Max(2, (int)(height / largest) + 1));
            var layer = Noise(w, h, seed + octave, cancellationToken).Blurred(0.6f, cancellationToken).Resized(width, height, cancellationToken);
            TensorPrimitives.MultiplyAdd(layer.Values, strength, sum.Values, sum.Values);
        }
        return Normalized(sum);
    }

    /// <summary>Pencil strokes from bottom left to top right, mean 0 and deviation 1.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="thickness">A stroke's thickness in pixels.</param>
    /// <param name="length">A stroke's length in pixels.</param>
    /// <param name="slope">Pixels to the right for each pixel up; negative for strokes that fall.</param>
    /// <param name="seed">Chooses the strokes.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Plane Strokes(int width, int height, float thickness, float length, int slope, long seed, CancellationToken cancellationToken)
    {
        // Drawn at one pixel a stroke, then enlarged.
        var (w, h) = (Math.Max(2, (int)(width / thickness)), Math.Max(2, (int)(height / thickness)));
        var steps = Math.Max(2, (int)(length / thickness));
        var margin = steps * Math.Abs(slope);
        var noise = Noise(w + (2 * margin), h + steps, seed, cancellationToken);
        var strokes = new Plane(w, h);
        Plane.ForRows(h, y =>
        {
            var row = strokes.Row(y);
            for (var k = 0; k < steps; k++)
            {
                TensorPrimitives.Add(row, noise.Row(y + k).Slice(margin - (k * slope), w), row);
            }
        }, cancellationToken);
        return Normalized(strokes).Blurred(0.5f, cancellationToken).Resized(width, height, cancellationToken);
    }

    /// <summary>The plane shifted and scaled to a mean of 0 and a deviation of 1.</summary>
    public static Plane Normalized(Plane plane)
    {
        var mean = TensorPrimitives.Sum<float>(plane.Values) / plane.Values.Length;
        TensorPrimitives.Subtract(plane.Values, mean, plane.Values);
        var deviation = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(plane.Values) / plane.Values.Length);
        TensorPrimitives.Divide(plane.Values, Math.Max(deviation, 1e-6f), plane.Values);
        return plane;
    }

    /// <summary>A value from 0 to 1 that looks random (the mixing steps of MurmurHash3).</summary>
    private static float Hash(int x, int y, long seed)
    {
        var h = (ulong)seed ^ ((ulong)(uint)x << 32) ^ (uint)y;
        h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdUL;
        h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return ((h ^ (h >> 33)) >> 40) * (1f / (1 << 24));
    }
}
