using System.Numerics.Tensors;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Scales the motion of a loop to the amplitude that is typical of its model. A picture says little about how far its subject will
/// move, so an uncertain denoiser makes some loops that hardly move and some that move too much; real loops differ less.
/// </summary>
/// <remarks>The first frame is the conditioning picture and stays bit-identical.</remarks>
public static class MotionNormalization
{
    /// <summary>The smallest factor that motion is multiplied by.</summary>
    public const float MinimumFactor = .6f;

    /// <summary>The largest factor that motion is multiplied by, so that static regions stay static.</summary>
    public const float MaximumFactor = 2;

    /// <summary>Measures motion: the root mean square, over all values, of the difference from the mean over the frames, in units of the latents.</summary>
    /// <param name="frames">Latents <c>[frames, channels, height, width]</c>.</param>
    public static float Measure(FloatTensor frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var mean = ClipFrames.Mean(frames);
        var difference = new float[mean.Length];
        double squares = 0;
        for (var start = 0; start < frames.Span.Length; start += mean.Length)
        {
            TensorPrimitives.Subtract(frames.Span.Slice(start, mean.Length), mean, difference);
            squares += TensorPrimitives.SumOfSquares(difference);
        }

        return (float)Math.Sqrt(squares / frames.Span.Length);
    }

    /// <summary>Multiplies the differences from the first frame by one factor, <see cref="MinimumFactor"/> to <see cref="MaximumFactor"/>, so that the motion becomes <paramref name="target"/> or comes as near to it as the bounds allow.</summary>
    /// <param name="frames">Latents <c>[frames, channels, height, width]</c>; unchanged.</param>
    /// <param name="target">The typical motion, as <see cref="Measure"/> measures it; above 0.</param>
    /// <returns>New latents of the same shape.</returns>
    public static FloatTensor Apply(FloatTensor frames, float target)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(target);
        var factor = Math.Clamp(target / Measure(frames), MinimumFactor, MaximumFactor);
        FloatTensor made = new(frames.Shape);
        var length = frames.Span.Length / frames.Shape[0];
        ReadOnlySpan<float> first = frames.Span[..length];
        first.CopyTo(made.Span);
        for (var start = length; start < frames.Span.Length; start += length)
        {
            var frame = made.Span.Slice(start, length);
            TensorPrimitives.Subtract(frames.Span.Slice(start, length), first, frame);
            TensorPrimitives.MultiplyAdd(frame, factor, first, frame);
        }

        return made;
    }
}
