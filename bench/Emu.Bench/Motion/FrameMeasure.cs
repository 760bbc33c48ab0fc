using Emu.Media.Pictures;

namespace Emu.Bench.Motion;

/// <summary>What a frame shows, measured on its pixels alone. Lengths in pixels; alpha relative to the frame's densest part.</summary>
/// <param name="Density">Alpha of the densest part, 0 to 1; all others are undefined where it is below .05.</param>
/// <param name="Area">Sum of alpha.</param>
/// <param name="X">Centroid.</param>
/// <param name="Y">Centroid.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Bottom">Lower edge.</param>
/// <param name="Left">Left edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="SpreadX">Standard deviation across.</param>
/// <param name="SpreadY">Standard deviation down.</param>
/// <param name="Slant">Covariance over the variance down: pixels across for each one down.</param>
/// <param name="Bands">Centroids across of six bands of equal height, from top to bottom.</param>
/// <param name="Pieces">Solid pieces of at least .3 % of the area.</param>
/// <param name="IsCut">Whether anything touches the picture's border.</param>
internal sealed record FrameMeasure(
    double Density, double Area, double X, double Y, double Top, double Bottom, double Left, double Right, double SpreadX, double SpreadY, double Slant, double[] Bands, int Pieces, bool IsCut)
{
    public const int BandCount = 6;
    private const double Visible = 0.5;
    private const double LeastPiece = 0.003;

    /// <summary>Measures a frame.</summary>
    public static FrameMeasure Of(Picture frame)
    {
        var (width, height) = (frame.Width, frame.Height);
        var density = Densest(frame);
        var alpha = new double[width * height];
        double area = 0, sumX = 0, sumY = 0, squaresX = 0, squaresY = 0, products = 0;
        var (left, top, right, bottom) = (width, height, 0, 0);
        for (var pixel = 0; pixel < alpha.Length; pixel++)
        {
            var value = alpha[pixel] = density < 0.05 ? 0 : Math.Min(1, frame.Samples[(4 * pixel) + 3] / 255.0 / density);
            var (y, x) = Math.DivRem(pixel, width);
            area += value;
            sumX += value * x;
            sumY += value * y;
            squaresX += value * x * x;
            squaresY += value * y * y;
            products += value * x * y;
            if (value > Visible)
            {
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }
        }

        var total = Math.Max(area, 1e-9);
        var (meanX, meanY) = (sumX / total, sumY / total);
        var varianceY = Math.Max((squaresY / total) - (meanY * meanY), 1e-9);
        return new(
            density, area, meanX, meanY, top, bottom, left, right,
            Math.Sqrt(Math.Max((squaresX / total) - (meanX * meanX), 1e-9)), Math.Sqrt(varianceY), ((products / total) - (meanX * meanY)) / varianceY,
            Across(alpha, width, top, bottom), CountPieces(alpha, width, LeastPiece * area),
            left <= 1 || top <= 1 || right >= width - 1 || bottom >= height - 1);
    }

    private static double Densest(Picture frame)
    {
        var counts = new int[256];
        for (var at = 3; at < frame.Samples.Length; at += 4)
        {
            counts[frame.Samples[at]]++;
        }

        // The level that a twentieth of all that is not empty reaches.
        var (visible, seen) = (counts.Skip(1).Sum(), 0);
        for (var level = 255; level > 0; level--)
        {
            seen += counts[level];
            if (seen > visible / 20)
            {
                return level / 255.0;
            }
        }

        return 0;
    }

    private static double[] Across(double[] alpha, int width, int top, int bottom)
    {
        var (sums, weights) = (new double[BandCount], new double[BandCount]);
        for (var y = top; y < bottom; y++)
        {
            var band = Math.Min(BandCount - 1, (y - top) * BandCount / Math.Max(1, bottom - top));
            for (var x = 0; x < width; x++)
            {
                sums[band] += alpha[(y * width) + x] * x;
                weights[band] += alpha[(y * width) + x];
            }
        }

        return [.. sums.Zip(weights, (sum, weight) => sum / Math.Max(weight, 1e-9))];
    }

    private static int CountPieces(double[] alpha, int width, double least)
    {
        var (count, seen, open) = (0, new bool[alpha.Length], new Stack<int>());
        for (var start = 0; start < alpha.Length; start++)
        {
            var size = 0;
            Visit(start);
            while (open.TryPop(out var pixel))
            {
                size++;
                foreach (var step in (int[])[-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1])
                {
                    if (pixel + step >= 0 && pixel + step < alpha.Length && Math.Abs(((pixel + step) % width) - (pixel % width)) <= 1)
                    {
                        Visit(pixel + step);
                    }
                }
            }

            count += size > least ? 1 : 0;
        }

        return count;

        void Visit(int pixel)
        {
            if (!seen[pixel] && alpha[pixel] > Visible)
            {
                seen[pixel] = true;
                open.Push(pixel);
            }
        }
    }
}
