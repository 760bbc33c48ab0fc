using System.Numerics.Tensors;

namespace Emu.Diffusion.Interpolation;

/// <summary>
/// Frames between the frames of a loop by trigonometric interpolation: exact for whatever has fewer cycles around the loop than half
/// of its frames. Frames that fall on a tick stay bit-identical.
/// </summary>
public static class LoopInterpolation
{
    /// <summary>Interpolates a loop to every tick.</summary>
    /// <param name="frames">Values <c>[frames, rest]</c>.</param>
    /// <param name="frameCount">Frames, from 1.</param>
    /// <param name="destination">Values <c>[ticks, rest]</c>; overlaps the frames nowhere. Tick i stands at frame i·F/T.</param>
    /// <param name="ticks">Ticks, at least as many as frames.</param>
    /// <exception cref="ArgumentException">The spans do not have the lengths that the numbers say.</exception>
    public static void Interpolate(ReadOnlySpan<float> frames, int frameCount, Span<float> destination, int ticks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ticks, frameCount);
        if (frames.Length % frameCount != 0 || destination.Length != frames.Length / frameCount * ticks)
        {
            throw new ArgumentException($"{frames.Length} and {destination.Length} values are not {frameCount} frames and {ticks} ticks of them.", nameof(destination));
        }

        var length = frames.Length / frameCount;
        for (var tick = 0; tick < ticks; tick++)
        {
            var target = destination.Slice(tick * length, length);
            var (frame, remainder) = Math.DivRem((long)tick * frameCount, ticks);
            if (remainder == 0)
            {
                frames.Slice((int)frame * length, length).CopyTo(target);
                continue;
            }

            target.Clear();
            for (var source = 0; source < frameCount; source++)
            {
                var weight = Weight(((double)tick / ticks) - ((double)source / frameCount), frameCount);
                TensorPrimitives.MultiplyAdd(frames.Slice(source * length, length), (float)weight, target, target);
            }
        }
    }

    /// <summary>The periodic sinc (Dirichlet's kernel); with an even number of frames the highest frequency counts half.</summary>
    private static double Weight(double part, int frames)
    {
        var sum = 1.0;
        for (var cycles = 1; 2 * cycles <= frames; cycles++)
        {
            sum += (2 * cycles == frames ? 1 : 2) * Math.Cos(2 * Math.PI * cycles * part);
        }

        return sum / frames;
    }
}
