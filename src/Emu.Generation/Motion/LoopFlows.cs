using System.Numerics.Tensors;
using Emu.Diffusion.Interpolation;
using Emu.Diffusion.Tensors;
using Emu.Media.Warping;

namespace Emu.Generation.Motion;

/// <summary>The flows of a loop, from the clip's frames to every tick of the video, kept from folding.</summary>
public static class LoopFlows
{
    private const int Neighbours = 4;              // ticks on either side that are held back with one that would fold
    private const int FinenessOfCheck = 3;         // places of a cell along each axis at which areas are looked at

    /// <summary>
    /// Interpolates flows around the loop. Where one would fold or shrivel a part of the picture, it and its neighbours are held back,
    /// smoothly over time: first what it does to the picture as a whole (moves, turns, scales and shears it: its affine part), then
    /// what bends it beyond that. So a thing that is bent too far still moves and turns as far as it did.
    /// </summary>
    /// <param name="flows"><c>[frames, 2, cells, cells]</c> (<see cref="Diffusion.ModelPackages.MotionContract.Flows"/>).</param>
    /// <param name="ticks">Ticks of the loop, at least as many as frames.</param>
    /// <param name="leastArea">Bounds of the determinant of the Jacobian: this and its reciprocal (<see cref="Diffusion.ModelPackages.MotionDescription.LeastArea"/>).</param>
    /// <returns><c>[ticks, 2, cells, cells]</c>.</returns>
    public static FloatTensor ToTicks(FloatTensor flows, int ticks, float leastArea)
    {
        ArgumentNullException.ThrowIfNull(flows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastArea);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leastArea, 1);
        FloatTensor made = new(flows.Shape.WithBatch(ticks));
        LoopInterpolation.Interpolate(flows.Span, flows.Shape[0], made.Span, ticks);
        var cells = flows.Shape[3];
        FloatTensor whole = new(made.Shape);
        FloatTensor bent = new(made.Shape);
        for (var tick = 0; tick < ticks; tick++)
        {
            WriteAffinePart(made.Slice(tick, 1).Span, cells, whole.Slice(tick, 1).Span);
            TensorPrimitives.Subtract(made.Slice(tick, 1).Span, whole.Slice(tick, 1).Span, bent.Slice(tick, 1).Span);
        }

        var ofWhole = Smooth([.. Enumerable.Range(0, ticks).Select(tick => Field(whole, tick).LargestFactor(leastArea))]);
        for (var tick = 0; tick < ticks; tick++)
        {
            Multiply(whole, tick, ofWhole[tick]);
        }

        var ofBent = Smooth([.. Enumerable.Range(0, ticks).Select(tick => Field(bent, tick).LargestFactor(leastArea, Field(whole, tick)))]);
        for (var tick = 0; tick < ticks; tick++)
        {
            if (ofWhole[tick] < 1 || ofBent[tick] < 1)
            {
                Multiply(bent, tick, ofBent[tick]);
                TensorPrimitives.Add(whole.Slice(tick, 1).Span, bent.Slice(tick, 1).Span, made.Slice(tick, 1).Span);
            }
        }

        return made;

        FlowField Field(FloatTensor some, int tick) => new(some.Slice(tick, 1).Span, cells, FinenessOfCheck * cells, FinenessOfCheck * cells);

        static void Multiply(FloatTensor some, int tick, float factor) => TensorPrimitives.Multiply(some.Slice(tick, 1).Span, factor, some.Slice(tick, 1).Span);
    }

    /// <summary>The factor, up to 1, with which no displacement of a loop is larger than a share of the picture.</summary>
    public static float FactorForShare(FloatTensor flows, float share)
    {
        ArgumentNullException.ThrowIfNull(flows);
        var largest = TensorPrimitives.MaxMagnitude(flows.Span);
        return Math.Abs(largest) <= share ? 1 : share / Math.Abs(largest);
    }

    /// <summary>The affine flow that is nearest to a flow by least squares over all cells.</summary>
    private static void WriteAffinePart(ReadOnlySpan<float> flow, int cells, Span<float> affine)
    {
        // Places from the middle: their sums vanish, so the three parts are found apart.
        var squares = cells * Enumerable.Range(0, cells).Sum(cell => Place(cell) * Place(cell));
        for (var start = 0; start < flow.Length; start += cells * cells)
        {
            var (mean, across, down) = (0.0, 0.0, 0.0);
            for (var index = 0; index < cells * cells; index++)
            {
                var value = flow[start + index];
                mean += value / (cells * cells);
                across += value * Place(index % cells) / squares;
                down += value * Place(index / cells) / squares;
            }

            for (var index = 0; index < cells * cells; index++)
            {
                affine[start + index] = (float)(mean + (across * Place(index % cells)) + (down * Place(index / cells)));
            }
        }

        double Place(int cell) => cell + 0.5 - (cells / 2.0);
    }

    /// <summary>The least of all neighbours, then their mean: never above the tick's own factor, and without steps.</summary>
    private static float[] Smooth(float[] factors)
    {
        float[] least = [.. Enumerable.Range(0, factors.Length).Select(tick => Around(tick, factors).Min())];
        return [.. Enumerable.Range(0, factors.Length).Select(tick => Around(tick, least).Average())];
    }

    private static IEnumerable<float> Around(int tick, float[] values) =>
        Enumerable.Range(tick - Neighbours, (2 * Neighbours) + 1).Select(neighbour => values[((neighbour % values.Length) + values.Length) % values.Length]);
}
