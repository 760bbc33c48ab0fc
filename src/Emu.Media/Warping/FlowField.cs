using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emu.Media.Warping;

/// <summary>
/// A smooth displacement of a picture: cells over a square around it, enlarged by a uniform bicubic B-spline, whose control points
/// they are (Unser 1999). Second derivatives are continuous, so nothing that it moves can tear. Safe for concurrent use.
/// </summary>
public sealed class FlowField
{
    private const float Small = 1e-4f;      // of an area that is at a bound already, but for rounding

    private readonly float[] _across;
    private readonly float[] _down;

    /// <summary>Enlarges a flow.</summary>
    /// <param name="flow"><c>[2, cells, cells]</c>: displacements to the right and down, in parts of the square's side.</param>
    /// <param name="cells">Cells of a side, from 2.</param>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels. The square has the longer side, and the picture lies in its middle.</param>
    /// <exception cref="ArgumentException">There are not 2 × cells × cells values.</exception>
    public FlowField(ReadOnlySpan<float> flow, int cells, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (flow.Length != 2 * cells * cells)
        {
            throw new ArgumentException($"[2, {cells}, {cells}] was expected; {flow.Length} values were given.", nameof(flow));
        }

        (Width, Height) = (width, height);
        var side = Math.Max(width, height);
        _across = Enlarge(flow[..(cells * cells)], cells, width, height, side);
        _down = Enlarge(flow[(cells * cells)..], cells, width, height, side);
    }

    /// <summary>Width of the picture in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the picture in pixels.</summary>
    public int Height { get; }

    /// <summary>The displacement at the centre of a pixel, in pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (float X, float Y) AtPixel(int column, int row) => (_across[(row * Width) + column], _down[(row * Width) + column]);

    /// <summary>The displacement at a point, in pixels; linear between the centres of pixels, and beyond the border that of the border.</summary>
    /// <param name="x">To the right, in pixels; the centre of the first pixel is .5.</param>
    /// <param name="y">Down, in pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (float X, float Y) At(float x, float y)
    {
        x = Math.Clamp(x - 0.5f, 0, Width - 1);
        y = Math.Clamp(y - 0.5f, 0, Height - 1);
        var (left, top) = ((int)x, (int)y);
        var (partX, partY) = (x - left, y - top);
        var first = (top * Width) + left;
        var right = left + 1 < Width ? 1 : 0;
        var below = top + 1 < Height ? Width : 0;
        return (Mix(_across, first, right, below, partX, partY), Mix(_down, first, right, below, partX, partY));
    }

    /// <summary>
    /// By how much the flow may be multiplied for every place to show at least a share of its own area, and at most its reciprocal: that
    /// area is the determinant of the Jacobian of place + factor · flow. Below 0 the picture folds, far above 1 it shrivels.
    /// </summary>
    /// <param name="least">The area wanted at least, above 0 and below 1.</param>
    /// <param name="beneath">A flow of the same size that is added whole, and is within these bounds itself; null for none.</param>
    /// <returns>The largest factor from 0 to 1 with which every area is within these bounds.</returns>
    /// <exception cref="ArgumentException">The flow beneath has another size.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float LargestFactor(float least, FlowField? beneath = null)
    {
        if (beneath is not null && (beneath.Width, beneath.Height) != (Width, Height))
        {
            throw new ArgumentException($"A flow of {Width}×{Height} pixels was expected; this has {beneath.Width}×{beneath.Height}.", nameof(beneath));
        }

        var factor = 1f;
        for (var row = 0; row + 1 < Height; row++)
        {
            for (var column = 0; column + 1 < Width; column++)
            {
                var at = (row * Width) + column;
                var (xx, xy, yx, yy) = Slopes(at);
                var (baseXX, baseXY, baseYX, baseYY) = beneath?.Slopes(at) ?? default;
                var (square, linear) = ((xx * yy) - (xy * yx), ((1 + baseXX) * yy) + ((1 + baseYY) * xx) - (baseXY * yx) - (baseYX * xy));
                var area = ((1 + baseXX) * (1 + baseYY)) - (baseXY * baseYX);
                factor = Math.Min(factor, Math.Min(Root(square, linear, Math.Max(area - least, Small)), Root(-square, -linear, Math.Max((1 / least) - area, Small))));
            }
        }

        return factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mix(float[] values, int first, int right, int below, float partX, float partY)
    {
        var upper = values[first] + (partX * (values[first + right] - values[first]));
        var lower = values[first + below] + (partX * (values[first + below + right] - values[first + below]));
        return upper + (partY * (lower - upper));
    }

    /// <summary>How the displacement changes from a pixel to the next one to the right and below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (float XX, float XY, float YX, float YY) Slopes(int at) =>
        (_across[at + 1] - _across[at], _across[at + Width] - _across[at], _down[at + 1] - _down[at], _down[at + Width] - _down[at]);

    /// <summary>The smallest positive root of a·f² + b·f + c, where c is above 0; 1 where it is larger or there is none.</summary>
    private static float Root(float a, float b, float c)
    {
        var discriminant = (b * b) - (4 * a * c);
        if (discriminant < 0)
        {
            return 1;
        }

        // Stable for a near 0: 2c / (−b + √…).
        var divisor = -b + MathF.Sqrt(discriminant);
        return divisor <= 0 ? 1 : Math.Min(1, 2 * c / divisor);
    }

    private static float[] Enlarge(ReadOnlySpan<float> cells, int count, int width, int height, int side)
    {
        var rows = new float[count * width];
        for (var column = 0; column < width; column++)
        {
            var (start, weights) = Taps(column + ((side - width) / 2f), count, side);
            for (var row = 0; row < count; row++)
            {
                var sum = 0f;
                for (var tap = 0; tap < 4; tap++)
                {
                    sum += weights[tap] * cells[(row * count) + Math.Clamp(start + tap, 0, count - 1)];
                }

                rows[(row * width) + column] = sum * side;
            }
        }

        var made = new float[width * height];
        for (var row = 0; row < height; row++)
        {
            var (start, weights) = Taps(row + ((side - height) / 2f), count, side);
            var line = made.AsSpan(row * width, width);
            for (var tap = 0; tap < 4; tap++)
            {
                Add(rows.AsSpan(Math.Clamp(start + tap, 0, count - 1) * width, width), weights[tap], line);
            }
        }

        return made;
    }

    /// <summary>Adds the multiple of a row. Not in one operation a value, so that every processor rounds alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<float> row, float weight, Span<float> sum)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (var index = 0; index < vectors.Length; index++)
        {
            sums[index] += vectors[index] * weight;
        }

        for (var index = vectors.Length * Vector<float>.Count; index < row.Length; index++)
        {
            sum[index] += row[index] * weight;
        }
    }

    /// <summary>The first of the four cells around a pixel of the square, and their weights.</summary>
    private static (int Start, float[] Weights) Taps(float pixel, int cells, int side)
    {
        var place = ((pixel + 0.5f) / side * cells) - 0.5f;
        var cell = MathF.Floor(place);
        var t = place - cell;
        var (square, cube) = (t * t, t * t * t);
        return ((int)cell - 1,
        [
            (1 - t) * (1 - t) * (1 - t) / 6,
            ((3 * cube) - (6 * square) + 4) / 6,
            ((-3 * cube) + (3 * square) + (3 * t) + 1) / 6,
            cube / 6,
        ]);
    }
}
