using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Emu.Editing.Operations.Drawing;

/// <summary>
/// The anisotropic Kuwahara filter with polynomial weights (Kyprianidis, Semmo, Kang, Döllner 2010): around each pixel, an ellipse
/// along the flow is split into eight overlapping sectors; sectors of one colour count most. Noise goes, edges stay, and what
/// remains looks like brush strokes.
/// </summary>
internal static class Kuwahara
{
    private const float Hardness = 8_000f;
    private const float ZeroCrossing = 0.58f;

    // The sectors' weights are looked up on a grid of this many points along each axis of the unit disc.
    private const int Grid = 64;

    /// <summary>Filters a picture.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="flow">Its flow, of the same size.</param>
    /// <param name="radius">The ellipse's radius in pixels where there is no direction, 1 to 16.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Canvas Apply(Canvas canvas, Flow flow, float radius, CancellationToken cancellationToken)
    {
        var result = Canvas.Blank(canvas.Width, canvas.Height);
        var table = Table(radius);
        Plane.ForRows(canvas.Height, y =>
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                Pixel(canvas, flow, radius, table, x, y, result);
            }
        }, cancellationToken);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixel(Canvas canvas, Flow flow, float radius, Vector256<float>[] table, int x, int y, Canvas result)
    {
        var at = (y * canvas.Width) + x;
        var anisotropy = flow.Anisotropy.Values[at];
        var (cos, sin) = (flow.X.Values[at], flow.Y.Values[at]);
        var a = radius * (1 + anisotropy);
        var b = radius / (1 + anisotropy);
        var reachX = (int)MathF.Sqrt((a * a * cos * cos) + (b * b * sin * sin));
        var reachY = (int)MathF.Sqrt((a * a * sin * sin) + (b * b * cos * cos));
        var (stepX, stepY) = (cos * (Grid / 2f) / a, -sin * (Grid / 2f) / b);
        var (red, green, blue) = (canvas.Red.Values, canvas.Green.Values, canvas.Blue.Values);
        var (weights, reds, greens, blues, squares) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var (width, height) = (canvas.Width, canvas.Height);
        for (var dy = -reachY; dy <= reachY; dy++)
        {
            var row = Math.Clamp(y + dy, 0, height - 1) * width;
            // Where the row crosses the disc, in the grid's units.
            var (u, v) = ((sin * dy * (Grid / 2f) / a) - (reachX * stepX) + (Grid / 2f) + 0.5f, (cos * dy * (Grid / 2f) / b) - (reachX * stepY) + (Grid / 2f) + 0.5f);
            for (var dx = -reachX; dx <= reachX; dx++, u += stepX, v += stepY)
            {
                if (u < 0 || v < 0 || u >= Grid + 1 || v >= Grid + 1)
                {
                    continue;
                }
                var sectors = table[((int)v * (Grid + 1)) + (int)u];
                var index = row + Math.Clamp(x + dx, 0, width - 1);
                var (r, g, bl) = (red[index], green[index], blue[index]);
                weights += sectors;
                reds += sectors * r;
                greens += sectors * g;
                blues += sectors * bl;
                squares += sectors * ((r * r) + (g * g) + (bl * bl));
            }
        }
        var inverse = Vector256<float>.One / weights;
        reds *= inverse;
        greens *= inverse;
        blues *= inverse;
        var variance = Vector256.Abs((squares * inverse) - (reds * reds) - (greens * greens) - (blues * blues));
        var (total, sumRed, sumGreen, sumBlue) = (0f, 0f, 0f, 0f);
        for (var sector = 0; sector < 8; sector++)
        {
            // Steep, so that a sector of one colour outweighs all others.
            var spread = Hardness * variance[sector];
            var weight = 1f / (1f + (spread * spread * spread * spread));
            total += weight;
            sumRed += weight * reds[sector];
            sumGreen += weight * greens[sector];
            sumBlue += weight * blues[sector];
        }
        result.Red.Values[at] = sumRed / total;
        result.Green.Values[at] = sumGreen / total;
        result.Blue.Values[at] = sumBlue / total;
    }

    /// <summary>The weights of the eight sectors on the grid, which sum to a Gaussian; zero outside the unit disc.</summary>
    private static Vector256<float>[] Table(float radius)
    {
        var zeta = 2f / radius;
        var eta = (zeta + MathF.Cos(ZeroCrossing)) / (MathF.Sin(ZeroCrossing) * MathF.Sin(ZeroCrossing));
        var table = new Vector256<float>[(Grid + 1) * (Grid + 1)];
        for (var i = 0; i < table.Length; i++)
        {
            var (x, y) = (((i % (Grid + 1)) / (Grid / 2f)) - 1f, ((i / (Grid + 1)) / (Grid / 2f)) - 1f);
            var square = (x * x) + (y * y);
            if (square <= 1f)
            {
                var sectors = Sectors(x, y, zeta, eta);
                table[i] = sectors * (MathF.Exp(-3.125f * square) / Vector256.Sum(sectors));
            }
        }
        return table;
    }

    /// <summary>The weights of the eight sectors at a point of the unit disc.</summary>
    private static Vector256<float> Sectors(float x, float y, float zeta, float eta)
    {
        const float Half = 0.70710678f;
        var (dx, dy) = (Half * (x - y), Half * (x + y));
        var along = Vector256.Create(y, -x, -y, x, dy, -dx, -dy, dx);
        var across = Vector256.Create(x * x, y * y, x * x, y * y, dx * dx, dy * dy, dx * dx, dy * dy);
        var value = Vector256.Max(along + Vector256.Create(zeta) - (across * eta), Vector256<float>.Zero);
        return (value * value) + Vector256.Create(1e-6f);
    }
}
