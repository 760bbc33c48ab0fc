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

    /// <summary>Filters a picture.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="flow">Its flow, of the same size.</param>
    /// <param name="radius">The ellipse's radius in pixels where there is no direction, 1 to 16.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Canvas Apply(Canvas canvas, Flow flow, float radius, CancellationToken cancellationToken)
    {
        var result = Canvas.Blank(canvas.Width, canvas.Height);
        Plane.ForRows(canvas.Height, y =>
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                Pixel(canvas, flow, radius, x, y, result);
            }
        }, cancellationToken);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixel(Canvas canvas, Flow flow, float radius, int x, int y, Canvas result)
    {
        var at = (y * canvas.Width) + x;
        var anisotropy = flow.Anisotropy.Values[at];
        var (cos, sin) = (flow.X.Values[at], flow.Y.Values[at]);
        var a = radius * (1 + anisotropy);
        var b = radius / (1 + anisotropy);
        var reachX = (int)MathF.Sqrt((a * a * cos * cos) + (b * b * sin * sin));
        var reachY = (int)MathF.Sqrt((a * a * sin * sin) + (b * b * cos * cos));
        var zeta = 2f / radius;
        var eta = (zeta + MathF.Cos(ZeroCrossing)) / (MathF.Sin(ZeroCrossing) * MathF.Sin(ZeroCrossing));
        var (weights, reds, greens, blues, squares) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var (width, height) = (canvas.Width, canvas.Height);
        for (var dy = -reachY; dy <= reachY; dy++)
        {
            var row = Math.Clamp(y + dy, 0, height - 1) * width;
            for (var dx = -reachX; dx <= reachX; dx++)
            {
                var vx = ((cos * dx) + (sin * dy)) / a;
                var vy = ((cos * dy) - (sin * dx)) / b;
                var square = (vx * vx) + (vy * vy);
                if (square > 1)
                {
                    continue;
                }
                var sectors = Sectors(vx, vy, zeta, eta);
                var sum = Vector256.Sum(sectors);
                sectors *= MathF.Exp(-3.125f * square) / sum;
                var index = row + Math.Clamp(x + dx, 0, width - 1);
                var (red, green, blue) = (canvas.Red.Values[index], canvas.Green.Values[index], canvas.Blue.Values[index]);
                weights += sectors;
                reds += sectors * red;
                greens += sectors * green;
                blues += sectors * blue;
                squares += sectors * ((red * red) + (green * green) + (blue * blue));
            }
        }
        var inverse = Vector256<float>.One / weights;
        reds *= inverse;
        greens *= inverse;
        blues *= inverse;
        var variance = Vector256.Abs((squares * inverse) - (reds * reds) - (greens * greens) - (blues * blues));
        var (total, r, g, bl) = (0f, 0f, 0f, 0f);
        for (var sector = 0; sector < 8; sector++)
        {
            // Steep, so that a sector of one colour outweighs all others.
            var spread = Hardness * variance[sector];
            var weight = 1f / (1f + (spread * spread * spread * spread));
            total += weight;
            r += weight * reds[sector];
            g += weight * greens[sector];
            bl += weight * blues[sector];
        }
        result.Red.Values[at] = r / total;
        result.Green.Values[at] = g / total;
        result.Blue.Values[at] = bl / total;
    }

    /// <summary>The weights of the eight sectors at a point of the unit disc.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
