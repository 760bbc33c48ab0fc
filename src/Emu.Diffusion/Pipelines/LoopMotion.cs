using System.Numerics.Tensors;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Brings the motion of a whole loop towards what is usual for its model. How far a thing will move can hardly be told from its
/// picture; a denoiser that is unsure makes some loops that hardly move and some that move everywhere, where real ones differ less.
/// </summary>
/// <remarks>The first frame is the picture that was asked for, and stays as it is bit for bit.</remarks>
public static class LoopMotion
{
    /// <summary>What motion is multiplied by at least.</summary>
    public const float Least = .6f;

    /// <summary>What motion is multiplied by at most, so that what stands still goes on doing so.</summary>
    public const float Most = 2;

    /// <summary>How much moves: the root mean square, over all values, of what differs from the mean over the frames.</summary>
    /// <param name="frames">Latents <c>[frames, channels, height, width]</c>.</param>
    public static float Of(FloatTensor frames)
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

    /// <summary>Multiplies what differs from the first frame so that the motion becomes <paramref name="aim"/>, but by no less than <see cref="Least"/> and no more than <see cref="Most"/>.</summary>
    /// <param name="frames">Latents <c>[frames, channels, height, width]</c>; left as they are.</param>
    /// <param name="aim">The usual motion, as <see cref="Of"/> tells it, in units of the latents; above 0.</param>
    /// <returns>The loop's latents, of the same shape.</returns>
    public static FloatTensor Apply(FloatTensor frames, float aim)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(aim);
        var factor = Math.Clamp(aim / Of(frames), Least, Most);
        FloatTensor made = new(frames.Shape);
        var length = frames.Span.Length / frames.Shape[0];
        ReadOnlySpan<float> first = frames.Span[..length];
        first.CopyTo(made.Span);
        for (var start = length; start < frames.Span.Length; start += length)
        {
            var target = made.Span.Slice(start, length);
            TensorPrimitives.Subtract(frames.Span.Slice(start, length), first, target);
            TensorPrimitives.MultiplyAdd(target, factor, first, target);
        }

        return made;
    }
}
