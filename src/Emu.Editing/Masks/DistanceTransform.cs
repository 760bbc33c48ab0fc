using System.Buffers;

namespace Emu.Editing.Masks;

/// <summary>Euclidean distances to a region (Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012).</summary>
internal static class DistanceTransform
{
    /// <summary>For each pixel the distance in pixels to the nearest one of at least half, <c>[height, width]</c>.</summary>
    /// <param name="mask">The region.</param>
    /// <param name="limit">Distances beyond it may be any number above it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static float[] ToRegion(EditMask mask, float limit, CancellationToken cancellationToken)
    {
        var (width, height) = (mask.Width, mask.Height);
        var distances = new float[width * height];
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        // Along rows: two sweeps.
        Parallel.For(0, height, options, y =>
        {
            var values = mask.Row(y);
            var row = distances.AsSpan(y * width, width);
            var distance = limit;
            for (var x = 0; x < width; x++)
            {
                row[x] = distance = values[x] >= 128 ? 0 : Math.Min(distance + 1, limit);
            }
            for (var x = width - 1; x >= 0; x--)
            {
                distance = Math.Min(row[x], distance + 1);
                row[x] = distance;
            }
        });
        // Along columns: the lower envelope of parabolas.
        Parallel.For(0, width, options, x =>
        {
            var rented = ArrayPool<float>.Shared.Rent((3 * height) + 1);
            var places = ArrayPool<int>.Shared.Rent(height);
            Column(distances, x, width, height, rented.AsSpan(0, height), rented.AsSpan(height, height + 1), places);
            ArrayPool<float>.Shared.Return(rented);
            ArrayPool<int>.Shared.Return(places);
        });
        return distances;
    }

    private static void Column(float[] distances, int x, int width, int height, Span<float> squares, Span<float> borders, Span<int> places)
    {
        var any = false;
        for (var y = 0; y < height; y++)
        {
            var distance = distances[(y * width) + x];
            squares[y] = distance * distance;
            any |= distance != distances[x];
        }
        if (!any)
        {
            return;
        }
        var last = 0;
        places[0] = 0;
        (borders[0], borders[1]) = (float.NegativeInfinity, float.PositiveInfinity);
        for (var y = 1; y < height; y++)
        {
            float border;
            while ((border = Intersection(squares, places[last], y)) <= borders[last])
            {
                last--;
            }
            places[++last] = y;
            (borders[last], borders[last + 1]) = (border, float.PositiveInfinity);
        }
        for (int y = 0, k = 0; y < height; y++)
        {
            while (borders[k + 1] < y)
            {
                k++;
            }
            var along = y - places[k];
            distances[(y * width) + x] = MathF.Sqrt(((float)along * along) + squares[places[k]]);
        }
    }

    /// <summary>Where two parabolas of equal shape meet.</summary>
    private static float Intersection(Span<float> squares, int first, int second) =>
        (float)(((double)squares[second] + ((double)second * second) - squares[first] - ((double)first * first)) / (2.0 * (second - first)));
}
