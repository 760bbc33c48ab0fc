using System.Numerics;

namespace Emu.Editing.Composition;

/// <summary>Means over the cells of a grid.</summary>
internal static class GridBlurs
{
    /// <summary>A mean over a disc, which is how a lens shows a point out of focus.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="radius">In cells.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static ColorGrid OverDisc(this ColorGrid grid, float radius, CancellationToken cancellationToken)
    {
        var (width, height) = (grid.Width, grid.Height);
        var sums = new Vector4[height * (width + 1)];
        Rows.ForEach(
            height,
            y =>
            {
                var (sum, at) = (Vector4.Zero, y * (width + 1));
                foreach (var cell in grid.Cells.Slice(y * width, width))
                {
                    sums[++at] = sum += cell;
                }
            },
            cancellationToken);
        var blurred = new Vector4[width * height];
        var reach = (int)radius;
        Rows.ForEach(
            height,
            y =>
            {
                var row = blurred.AsSpan(y * width, width);
                for (var dy = Math.Max(-reach, -y); dy <= Math.Min(reach, height - 1 - y); dy++)
                {
                    var half = MathF.Sqrt((radius * radius) - (dy * dy)) + 0.5f;
                    var line = sums.AsSpan((y + dy) * (width + 1), width + 1);
                    for (var x = 0; x < width; x++)
                    {
                        row[x] += Until(line, x + 0.5f + half) - Until(line, x + 0.5f - half);
                    }
                }
            },
            cancellationToken);
        return grid.With(blurred);
    }

    /// <summary>A mean by a Gaussian.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="deviation">Its standard deviation in cells, above 0.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static ColorGrid ByGaussian(this ColorGrid grid, float deviation, CancellationToken cancellationToken)
    {
        var taps = GaussianTaps(deviation);
        var (width, height, reach) = (grid.Width, grid.Height, taps.Length - 1);
        var (along, blurred) = (new Vector4[width * height], new Vector4[width * height]);
        Rows.ForEach(
            height,
            y =>
            {
                var cells = grid.Cells.Slice(y * width, width);
                for (var x = 0; x < width; x++)
                {
                    var sum = cells[x] * taps[0];
                    for (var k = 1; k <= reach; k++)
                    {
                        // Beyond the border is nothing, which weighs nothing.
                        sum += (x >= k ? cells[x - k] * taps[k] : default) + (x + k < width ? cells[x + k] * taps[k] : default);
                    }
                    along[(y * width) + x] = sum;
                }
            },
            cancellationToken);
        Rows.ForEach(
            height,
            y =>
            {
                var row = blurred.AsSpan(y * width, width);
                for (var k = Math.Max(-reach, -y); k <= Math.Min(reach, height - 1 - y); k++)
                {
                    var (line, tap) = ((y + k) * width, taps[Math.Abs(k)]);
                    for (var x = 0; x < width; x++)
                    {
                        row[x] += along[line + x] * tap;
                    }
                }
            },
            cancellationToken);
        return grid.With(blurred);
    }

    /// <summary>The middle tap of a Gaussian and those of one side, out to three deviations; both sides sum to 1.</summary>
    public static float[] GaussianTaps(float deviation)
    {
        var taps = new float[(int)MathF.Ceiling(3 * deviation) + 1];
        var sum = 0f;
        for (var k = 0; k < taps.Length; k++)
        {
            taps[k] = MathF.Exp(-k * k / (2 * deviation * deviation));
            sum += k == 0 ? taps[k] : 2 * taps[k];
        }
        return Array.ConvertAll(taps, tap => tap / sum);
    }

    /// <summary>
    /// Gives weight to every cell: where there is little, the mean over ever larger surroundings ("pull-push": Gortler et al.,
    /// "The lumigraph", 1996, §3.4.2).
    /// </summary>
    public static ColorGrid Filled(this ColorGrid grid) => grid.With(Fill(grid.Cells.ToArray(), grid.Width, grid.Height));

    /// <summary>Fills cells, <c>[height, width]</c>, in place.</summary>
    public static Vector4[] Fill(Vector4[] cells, int width, int height)
    {
        if (width == 1 && height == 1)
        {
            cells[0] = cells[0].W > 0 ? cells[0] / cells[0].W : default;
            return cells;
        }
        var (w, h) = ((width + 1) / 2, (height + 1) / 2);
        var coarse = new Vector4[w * h];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                coarse[(y / 2 * w) + (x / 2)] += cells[(y * width) + x];
            }
        }
        Array.ConvertAll(coarse, Saturated).CopyTo(coarse, 0);
        Fill(coarse, w, h);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var cell = Saturated(cells[(y * width) + x]);
                cells[(y * width) + x] = cell.W >= 1 ? cell : cell + (Between(coarse, w, h, ((x + 0.5f) / 2) - 0.5f, ((y + 0.5f) / 2) - 0.5f) * (1 - cell.W));
            }
        }
        return cells;

        static Vector4 Saturated(Vector4 cell) => cell.W > 1 ? cell / cell.W : cell;
    }

    private static Vector4 Between(Vector4[] cells, int width, int height, float x, float y)
    {
        (x, y) = (Math.Clamp(x, 0, width - 1), Math.Clamp(y, 0, height - 1));
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, width - 1), Math.Min(top + 1, height - 1));
        return Vector4.Lerp(
            Vector4.Lerp(cells[(top * width) + left], cells[(top * width) + right], x - left),
            Vector4.Lerp(cells[(bottom * width) + left], cells[(bottom * width) + right], x - left),
            y - top);
    }

    /// <summary>The sum of a row's cells up to a place between them.</summary>
    private static Vector4 Until(ReadOnlySpan<Vector4> sums, float place)
    {
        place = Math.Clamp(place, 0, sums.Length - 1);
        var index = Math.Min((int)place, sums.Length - 2);
        return Vector4.Lerp(sums[index], sums[index + 1], place - index);
    }
}
