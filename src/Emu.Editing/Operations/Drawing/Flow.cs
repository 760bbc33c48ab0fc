namespace Emu.Editing.Operations.Drawing;

/// <summary>
/// Which way edges run at each pixel: the smoothed structure tensor's minor eigenvector (Brox et al. 2006; used for painting by
/// Kyprianidis and Kang 2011).
/// </summary>
/// <param name="X">The tangent's unit vector, to the right.</param>
/// <param name="Y">The tangent's unit vector, down.</param>
/// <param name="Anisotropy">How strongly the surroundings agree on it: 0 (not at all) to 1.</param>
internal sealed record Flow(Plane X, Plane Y, Plane Anisotropy)
{
    /// <summary>Finds the flow.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="sigma">How far the tensor is smoothed, in pixels.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Flow Of(Canvas canvas, float sigma, CancellationToken cancellationToken)
    {
        var (width, height) = (canvas.Width, canvas.Height);
        var (xx, xy, yy) = (new Plane(width, height), new Plane(width, height), new Plane(width, height));
        Plane.ForRows(height, y =>
        {
            var rowXx = xx.Row(y);
            var rowXy = xy.Row(y);
            var rowYy = yy.Row(y);
            for (var x = 0; x < width; x++)
            {
                Add(canvas.Red, x, y, rowXx, rowXy, rowYy);
                Add(canvas.Green, x, y, rowXx, rowXy, rowYy);
                Add(canvas.Blue, x, y, rowXx, rowXy, rowYy);
            }
        }, cancellationToken);
        xx = xx.Blurred(sigma, cancellationToken);
        xy = xy.Blurred(sigma, cancellationToken);
        yy = yy.Blurred(sigma, cancellationToken);
        var flow = new Flow(new Plane(width, height), new Plane(width, height), new Plane(width, height));
        Plane.ForRows(height, y =>
        {
            var e = xx.Row(y);
            var f = xy.Row(y);
            var g = yy.Row(y);
            var tx = flow.X.Row(y);
            var ty = flow.Y.Row(y);
            var anisotropy = flow.Anisotropy.Row(y);
            for (var x = 0; x < width; x++)
            {
                var root = MathF.Sqrt(((e[x] - g[x]) * (e[x] - g[x])) + (4 * f[x] * f[x]));
                var major = 0.5f * (e[x] + g[x] + root);
                var (vx, vy) = (major - e[x], -f[x]);
                var length = MathF.Sqrt((vx * vx) + (vy * vy));
                (tx[x], ty[x]) = length > 1e-9f ? (vx / length, vy / length) : e[x] > g[x] ? (0, 1) : (1, 0);
                anisotropy[x] = e[x] + g[x] > 1e-6f ? root / (e[x] + g[x]) : 0;
            }
        }, cancellationToken);
        return flow;
    }

    /// <summary>A plane averaged along the flow (line integral convolution, Cabral and Leedom 1993).</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="length">How far, in pixels, to each side.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Plane Along(Plane plane, int length, CancellationToken cancellationToken)
    {
        var result = new Plane(plane.Width, plane.Height);
        Plane.ForRows(plane.Height, y =>
        {
            var to = result.Row(y);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = (plane.At(x, y) + Walk(plane, x, y, length, 1) + Walk(plane, x, y, length, -1)) / ((2 * length) + 1);
            }
        }, cancellationToken);
        return result;
    }

    private float Walk(Plane plane, int x, int y, int length, int sign)
    {
        var (px, py, sum) = ((float)x, (float)y, 0f);
        var (lastX, lastY) = (sign * X.At(x, y), sign * Y.At(x, y));
        for (var k = 0; k < length; k++)
        {
            px += lastX;
            py += lastY;
            var (ix, iy) = ((int)(px + 0.5f), (int)(py + 0.5f));
            sum += plane.At(ix, iy);
            var (nx, ny) = (X.At(ix, iy), Y.At(ix, iy));
            // The eigenvector has no sign of its own: go on the same way.
            (lastX, lastY) = (nx * lastX) + (ny * lastY) < 0 ? (-nx, -ny) : (nx, ny);
        }
        return sum;
    }

    private static void Add(Plane plane, int x, int y, Span<float> xx, Span<float> xy, Span<float> yy)
    {
        var (a, b, c) = (plane.At(x - 1, y - 1), plane.At(x, y - 1), plane.At(x + 1, y - 1));
        var (d, e) = (plane.At(x - 1, y), plane.At(x + 1, y));
        var (f, g, h) = (plane.At(x - 1, y + 1), plane.At(x, y + 1), plane.At(x + 1, y + 1));
        var dx = (c + (2 * e) + h - a - (2 * d) - f) * 0.25f;
        var dy = (f + (2 * g) + h - a - (2 * b) - c) * 0.25f;
        xx[x] += dx * dx;
        xy[x] += dx * dy;
        yy[x] += dy * dy;
    }
}
