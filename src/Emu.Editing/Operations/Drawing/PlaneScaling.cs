using System.Numerics.Tensors;

namespace Emu.Editing.Operations.Drawing;

/// <summary>Resizes planes: by averages (a triangle as wide as two new pixels) when they shrink, between neighbours when they grow.</summary>
internal static class PlaneScaling
{
    /// <summary>The plane at another size.</summary>
    public static Plane Resized(this Plane plane, int width, int height, CancellationToken cancellationToken)
    {
        if (plane.Width == width && plane.Height == height)
        {
            return plane;
        }
        var columns = Taps.Of(plane.Width, width);
        var rows = Taps.Of(plane.Height, height);
        var narrow = new Plane(width, plane.Height);
        Plane.ForRows(plane.Height, y =>
        {
            var from = plane.Row(y);
            var to = narrow.Row(y);
            for (var x = 0; x < to.Length; x++)
            {
                var start = columns.Starts[x];
                var sum = 0f;
                for (var k = 0; k < columns.Count; k++)
                {
                    sum += columns.Weights[(x * columns.Count) + k] * from[Math.Clamp(start + k, 0, from.Length - 1)];
                }
                to[x] = sum;
            }
        }, cancellationToken);
        var result = new Plane(width, height);
        Plane.ForRows(height, y =>
        {
            var to = result.Row(y);
            for (var k = 0; k < rows.Count; k++)
            {
                var weight = rows.Weights[(y * rows.Count) + k];
                if (weight != 0)
                {
                    var from = narrow.Row(Math.Clamp(rows.Starts[y] + k, 0, plane.Height - 1));
                    TensorPrimitives.MultiplyAdd(from, weight, to, to);
                }
            }
        }, cancellationToken);
        return result;
    }

    /// <summary>For each new pixel, the first old one and the weights of those that follow.</summary>
    private sealed record Taps(int Count, int[] Starts, float[] Weights)
    {
        public static Taps Of(int from, int to)
        {
            var step = (double)from / to;
            var reach = Math.Max(1, step);
            var count = (2 * (int)Math.Ceiling(reach)) + 1;
            var starts = new int[to];
            var weights = new float[to * count];
            for (var i = 0; i < to; i++)
            {
                var center = ((i + 0.5) * step) - 0.5;
                starts[i] = (int)Math.Floor(center) - (int)Math.Ceiling(reach) + 1;
                var sum = 0d;
                for (var k = 0; k < count; k++)
                {
                    sum += Math.Max(0, 1 - (Math.Abs(starts[i] + k - center) / reach));
                }
                for (var k = 0; k < count; k++)
                {
                    weights[(i * count) + k] = (float)(Math.Max(0, 1 - (Math.Abs(starts[i] + k - center) / reach)) / sum);
                }
            }
            return new Taps(count, starts, weights);
        }
    }
}
