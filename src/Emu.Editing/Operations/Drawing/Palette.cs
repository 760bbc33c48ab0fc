using System.Numerics;

namespace Emu.Editing.Operations.Drawing;

/// <summary>A few colours that stand for all of a picture: k-means in Oklab (Ottosson 2020), begun with colours far apart from each other.</summary>
internal sealed class Palette
{
    // Hues count more than light: a face's few pixels keep their colour beside a large grey wall.
    private static readonly Vector3 Emphasis = new(1f, 2f, 2f);

    private readonly Vector3[] _colors;
    private readonly Vector3[] _encoded;

    private Palette(Vector3[] colors)
    {
        _colors = colors;
        _encoded = [.. colors.Select(color => Oklab.Decode(color / Emphasis))];
    }

    /// <summary>Finds the colours.</summary>
    /// <param name="canvas">The picture, small.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Palette Of(Canvas canvas, int count, CancellationToken cancellationToken)
    {
        var points = new Vector3[canvas.Width * canvas.Height];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = Emphasis * Oklab.Encode(new(canvas.Red.Values[i], canvas.Green.Values[i], canvas.Blue.Values[i]));
        }
        var centers = Begin(points, count);
        var nearest = new int[points.Length];
        for (var round = 0; round < 16; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Parallel.For(0, points.Length, i => nearest[i] = Nearest(centers, points[i]));
            var sums = new Vector3[centers.Length];
            var counts = new int[centers.Length];
            for (var i = 0; i < points.Length; i++)
            {
                sums[nearest[i]] += points[i];
                counts[nearest[i]]++;
            }
            for (var k = 0; k < centers.Length; k++)
            {
                centers[k] = counts[k] > 0 ? sums[k] / counts[k] : centers[k];
            }
        }
        return new Palette(centers);
    }

    /// <summary>Replaces a pixel's colour by the palette's nearest.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="index">The pixel.</param>
    /// <param name="lighter">What is added to its lightness first.</param>
    public void Replace(Canvas canvas, int index, float lighter)
    {
        var point = Emphasis * Oklab.Encode(new(canvas.Red.Values[index], canvas.Green.Values[index], canvas.Blue.Values[index]));
        var color = _encoded[Nearest(_colors, point + new Vector3(lighter, 0, 0))];
        (canvas.Red.Values[index], canvas.Green.Values[index], canvas.Blue.Values[index]) = (color.X, color.Y, color.Z);
    }

    // Each next colour is the one farthest from those chosen, among a sample: no chance involved.
    private static Vector3[] Begin(Vector3[] points, int count)
    {
        var step = Math.Max(1, points.Length / 4096);
        var chosen = new List<Vector3> { points[points.Length / 2] };
        while (chosen.Count < count)
        {
            var (farthest, distance) = (Vector3.Zero, 1e-5f);
            for (var i = 0; i < points.Length; i += step)
            {
                var nearest = float.MaxValue;
                foreach (var color in chosen)
                {
                    nearest = Math.Min(nearest, Vector3.DistanceSquared(color, points[i]));
                }
                if (nearest > distance)
                {
                    (farthest, distance) = (points[i], nearest);
                }
            }
            if (distance <= 1e-5f)
            {
                break;
            }
            chosen.Add(farthest);
        }
        return [.. chosen];
    }

    private static int Nearest(Vector3[] colors, Vector3 point)
    {
        var (best, distance) = (0, float.MaxValue);
        for (var k = 0; k < colors.Length; k++)
        {
            var d = Vector3.DistanceSquared(colors[k], point);
            if (d < distance)
            {
                (best, distance) = (k, d);
            }
        }
        return best;
    }
}
