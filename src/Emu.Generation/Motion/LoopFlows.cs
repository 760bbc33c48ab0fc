using System.Numerics.Tensors;
using Emu.Diffusion.Interpolation;
using Emu.Diffusion.Tensors;
using Emu.Media.Warping;

namespace Emu.Generation.Motion;

/// <summary>The flows of a loop, from the clip's frames to every tick of the video, kept from folding.</summary>
public static class LoopFlows
{
    private const float LeastArea = 0.3f;          // of a part of the picture, as a share of its own
    private const int Neighbours = 4;              // ticks on either side that are held back with one that would fold
    private const int FinenessOfCheck = 3;         // places of a cell along each axis at which areas are looked at

    /// <summary>
    /// Interpolates flows around the loop. Where one would fold or shrivel a part of the picture (a determinant of its Jacobian below .3,
    /// or above 1 / .3), it and its neighbours are scaled down, smoothly over time.
    /// </summary>
    /// <param name="flows"><c>[frames, 2, cells, cells]</c> (<see cref="Diffusion.ModelPackages.MotionContract.Flows"/>).</param>
    /// <param name="ticks">Ticks of the loop, at least as many as frames.</param>
    /// <returns><c>[ticks, 2, cells, cells]</c>.</returns>
    public static FloatTensor ToTicks(FloatTensor flows, int ticks)
    {
        ArgumentNullException.ThrowIfNull(flows);
        FloatTensor made = new(flows.Shape.WithBatch(ticks));
        LoopInterpolation.Interpolate(flows.Span, flows.Shape[0], made.Span, ticks);
        var cells = flows.Shape[3];
        float[] factors = [.. Enumerable.Range(0, ticks).Select(tick => new FlowField(made.Slice(tick, 1).Span, cells, FinenessOfCheck * cells, FinenessOfCheck * cells).LargestFactor(LeastArea))];
        if (factors.Min() == 1)
        {
            return made;
        }

        // The least of all neighbours, then their mean: never above the tick's own factor, and without steps.
        float[] least = [.. Enumerable.Range(0, ticks).Select(tick => Around(tick, factors).Min())];
        for (var tick = 0; tick < ticks; tick++)
        {
            var flow = made.Slice(tick, 1).Span;
            TensorPrimitives.Multiply(flow, Around(tick, least).Average(), flow);
        }

        return made;
    }

    /// <summary>The factor, up to 1, with which no displacement of a loop is larger than a share of the picture.</summary>
    public static float FactorForShare(FloatTensor flows, float share)
    {
        ArgumentNullException.ThrowIfNull(flows);
        var largest = TensorPrimitives.MaxMagnitude(flows.Span);
        return Math.Abs(largest) <= share ? 1 : share / Math.Abs(largest);
    }

    private static IEnumerable<float> Around(int tick, float[] values) =>
        Enumerable.Range(tick - Neighbours, (2 * Neighbours) + 1).Select(neighbour => values[((neighbour % values.Length) + values.Length) % values.Length]);
}
