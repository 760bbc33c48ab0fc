using Emu.Editing.Composition;
using Emu.Editing.Operations.Color;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Geometry;

/// <summary>Finds by how much a picture is tilted, from its long straight lines (Hough's transform, Duda and Hart 1972, with the edges' own directions).</summary>
internal static class Tilt
{
    private const int Side = 640;
    private const double Most = 15;
    private const double Step = 0.25;
    private const int Angles = (int)(2 * Most / Step) + 1;

    /// <summary>Degrees clockwise by which lines that are level or upright in the world are turned, −15 to 15; 0 if no direction stands out.</summary>
    public static double Find(SourcePicture picture, CancellationToken cancellationToken)
    {
        var scale = Math.Max(1, (Math.Max(picture.Width, picture.Height) + Side - 1) / Side);
        var grid = ColorGrid.Read(picture, scale, static (_, weights) => weights.Fill(1), isLight: false, cancellationToken).ByGaussian(1, cancellationToken);
        var luma = Array.ConvertAll(grid.Cells.ToArray(), cell => cell.W > 0 ? ColorFormulas.Luma(cell) / cell.W : 0);
        var scores = Scores(luma, grid.Width, grid.Height);
        var best = Array.IndexOf(scores, scores.Max());
        var typical = scores.Order().ElementAt(Angles / 2);
        if (best is 0 or Angles - 1 || scores[best] < 2 * typical)
        {
            return 0;
        }
        // Between steps: the top of a parabola.
        var (before, at, after) = (scores[best - 1], scores[best], scores[best + 1]);
        var bend = before - (2 * at) + after;
        return ((best + (bend < 0 ? (before - after) / (2 * bend) : 0)) * Step) - Most;
    }

    /// <summary>For each angle how much edges gather on few lines.</summary>
    private static double[] Scores(float[] luma, int width, int height)
    {
        var bins = 2 * (width + height);
        // Lines near level, then lines near upright.
        var votes = new float[2 * Angles * bins];
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                var at = (y * width) + x;
                var (across, down) = (luma[at + 1] - luma[at - 1], luma[at + width] - luma[at - width]);
                var strength = MathF.Sqrt((across * across) + (down * down));
                if (strength < 0.02f)
                {
                    continue;
                }
                var upright = Math.Abs(across) > Math.Abs(down);
                // A line's direction is its gradient's turned by a quarter.
                var tilt = (upright ? Math.Atan(down / across) : Math.Atan(-across / down)) * 180 / Math.PI;
                for (var angle = (int)Math.Ceiling((tilt - 1.5 + Most) / Step); angle <= (tilt + 1.5 + Most) / Step; angle++)
                {
                    if (angle is < 0 or >= Angles)
                    {
                        continue;
                    }
                    var (sine, cosine) = Math.SinCos(((angle * Step) - Most) * Math.PI / 180);
                    var distance = upright ? (x * cosine) + (y * sine) : (y * cosine) - (x * sine);
                    votes[((((upright ? 1 : 0) * Angles) + angle) * bins) + (bins / 2) + (int)Math.Round(distance)] += Math.Min(strength, 0.2f);
                }
            }
        }
        var scores = new double[Angles];
        for (var i = 0; i < votes.Length; i++)
        {
            scores[i / bins % Angles] += votes[i] * votes[i];
        }
        return scores;
    }
}
