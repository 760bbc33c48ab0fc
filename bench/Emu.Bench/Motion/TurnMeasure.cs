using Emu.Media.Pictures;

namespace Emu.Bench.Motion;

/// <summary>
/// By how much a thing is turned between two frames, by correlation of their colours in polar coordinates about the centroids: the angle
/// at which they fit best.
/// </summary>
internal static class TurnMeasure
{
    private const int Angles = 360;
    private const int Radii = 28;
    private const int Furthest = 45;

    /// <summary>A frame in polar coordinates, <c>[radius, angle, red, green, blue, alpha]</c>, premultiplied.</summary>
    public static float[] Polar(Picture frame, FrameMeasure measure, double radius)
    {
        var polar = new float[Radii * Angles * 4];
        for (var ring = 0; ring < Radii; ring++)
        {
            for (var angle = 0; angle < Angles; angle++)
            {
                var (sine, cosine) = Math.SinCos(angle * Math.PI * 2 / Angles);
                var length = (ring + 1.0) / Radii * radius;
                var (x, y) = ((int)Math.Round(measure.X + (cosine * length)), (int)Math.Round(measure.Y + (sine * length)));
                if (x < 0 || y < 0 || x >= frame.Width || y >= frame.Height)
                {
                    continue;
                }

                var color = frame[x, y];
                var (at, alpha) = (((ring * Angles) + angle) * 4, color.Alpha / 255f);
                (polar[at], polar[at + 1], polar[at + 2], polar[at + 3]) = (color.Red / 255f * alpha, color.Green / 255f * alpha, color.Blue / 255f * alpha, alpha);
            }
        }

        return polar;
    }

    /// <summary>Degrees, clockwise, from −45 to 45; to a fraction by the parabola through the best three.</summary>
    public static double Between(float[] before, float[] after)
    {
        var errors = new double[(2 * Furthest) + 1];
        for (var turn = -Furthest; turn <= Furthest; turn++)
        {
            double sum = 0;
            for (var ring = 0; ring < Radii; ring++)
            {
                for (var angle = 0; angle < Angles; angle += 2)
                {
                    var (one, other) = (((ring * Angles) + angle) * 4, ((ring * Angles) + ((angle + turn + Angles) % Angles)) * 4);
                    for (var channel = 0; channel < 4; channel++)
                    {
                        var difference = before[one + channel] - after[other + channel];
                        sum += difference * difference * (ring + 1);
                    }
                }
            }

            errors[turn + Furthest] = sum;
        }

        var best = Array.IndexOf(errors, errors.Min());
        if (best is 0 or 2 * Furthest)
        {
            return best - Furthest;
        }

        var (left, middle, right) = (errors[best - 1], errors[best], errors[best + 1]);
        return best - Furthest + (0.5 * (left - right) / Math.Max(left - (2 * middle) + right, 1e-9));
    }
}
