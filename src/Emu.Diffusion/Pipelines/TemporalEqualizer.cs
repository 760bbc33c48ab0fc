using System.Numerics.Tensors;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Multiplies each temporal frequency of a loop by a gain. An uncertain denoiser makes slow motion too small and leaves fast
/// flicker; gains measured when the package was made give loops the motion spectrum of real ones. Positions that move far already
/// can be given less of the change: enlarged further, they would leave the range that the decoder was trained on.
/// </summary>
/// <remarks>The first frame is the conditioning picture and stays bit-identical; the other frames are shifted by the same offset.</remarks>
public static class TemporalEqualizer
{
    /// <summary>How many gains a loop of a number of frames has: frequencies 0 (constant) to frames / 2, in cycles a loop.</summary>
    /// <param name="frames">Frames, from 1.</param>
    public static int CountFor(int frames) => (frames / 2) + 1;

    /// <summary>Applies gains.</summary>
    /// <param name="frames">Latents <c>[frames, channels, height, width]</c>; unchanged.</param>
    /// <param name="gains">One for each frequency, <see cref="CountFor"/> in all.</param>
    /// <param name="halvesAt">
    /// The motion of a position (root mean square, over channels and frames, of the difference from its mean over the frames) at which
    /// half of the gains' change is applied; at motion m, the share 1 / (1 + (m / halvesAt)²) is. Above 0; infinite, the default, applies
    /// all of it everywhere.
    /// </param>
    /// <returns>New latents of the same shape.</returns>
    /// <exception cref="ArgumentException">There are more or fewer gains than the loop has frequencies.</exception>
    public static FloatTensor Apply(FloatTensor frames, IReadOnlyList<float> gains, float halvesAt = float.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(gains);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halvesAt);
        var count = frames.Shape[0];
        if (gains.Count != CountFor(count))
        {
            throw new ArgumentException($"{gains.Count} gains were given; a loop of {count} frames has {CountFor(count)}.", nameof(gains));
        }

        var response = Response(gains, count);
        FloatTensor made = new(frames.Shape);
        var length = frames.Span.Length / count;
        frames.Span[..length].CopyTo(made.Span);
        for (var frame = 1; frame < count; frame++)
        {
            var target = made.Span.Slice(frame * length, length);
            frames.Span[..length].CopyTo(target);
            for (var other = 0; other < count; other++)
            {
                var weight = (float)(response[(frame - other + count) % count] - response[(count - other) % count]);
                TensorPrimitives.MultiplyAdd(frames.Span.Slice(other * length, length), weight, target, target);
            }
        }

        if (float.IsFinite(halvesAt))
        {
            Blend(frames, made, Shares(frames, halvesAt));
        }

        return made;
    }

    /// <summary>The share of the gains' change that each position is given: <c>[height · width]</c>.</summary>
    private static float[] Shares(FloatTensor frames, float halvesAt)
    {
        var count = frames.Shape[0];
        var length = frames.Span.Length / count;
        var mean = ClipFrames.Mean(frames);
        var shares = new float[length / frames.Shape[1]];
        var difference = new float[length];
        for (var frame = 0; frame < count; frame++)
        {
            TensorPrimitives.Subtract(frames.Span.Slice(frame * length, length), mean, difference);
            for (var start = 0; start < length; start += shares.Length)
            {
                ReadOnlySpan<float> plane = difference.AsSpan(start, shares.Length);
                TensorPrimitives.MultiplyAdd(plane, plane, shares, shares);
            }
        }

        for (var position = 0; position < shares.Length; position++)
        {
            var square = shares[position] / (count * frames.Shape[1]);
            shares[position] = 1 / (1 + (square / (halvesAt * halvesAt)));
        }

        return shares;
    }

    private static void Blend(FloatTensor frames, FloatTensor made, float[] shares)
    {
        for (var start = 0; start < made.Span.Length; start += shares.Length)
        {
            ReadOnlySpan<float> before = frames.Span.Slice(start, shares.Length);
            var after = made.Span.Slice(start, shares.Length);
            TensorPrimitives.Subtract(after, before, after);
            TensorPrimitives.MultiplyAdd(after, shares, before, after);
        }
    }

    /// <summary>The impulse response, one value for each lag in frames: the inverse Fourier transform of the gains.</summary>
    private static double[] Response(IReadOnlyList<float> gains, int count)
    {
        var response = new double[count];
        for (var lag = 0; lag < count; lag++)
        {
            for (var frequency = 0; frequency < count; frequency++)
            {
                response[lag] += gains[Math.Min(frequency, count - frequency)] * Math.Cos(2 * Math.PI * frequency * lag / count) / count;
            }
        }

        return response;
    }
}
