using Emu.Media.Pictures;

namespace Emu.Editing.Instruct;

/// <summary>
/// What a model changed, in a form that fits a larger picture: new = gain · old + offset, one gain and three offsets for each pixel of the
/// model's picture. The gain is how much of the old structure is in the new one, the slope of a local regression of their lightness (as in
/// the guided filter, He et al., ECCV 2010), 0 to 1; the offset makes the model hold exactly at the model's size. Where a model only
/// changes tones, the picture's finer detail stays; where it draws something else, none of the old detail shines through.
/// </summary>
internal sealed class LinearChange
{
    /// <summary>Values of a pixel: the gain, and offsets of red, green and blue.</summary>
    public const int Values = 4;

    // Windows of 7×7 pixels; lightness that varies less than by 2 % is noise of the autoencoder.
    private const int Radius = 3;
    private const double Noise = 0.02 * 0.02;

    private readonly int _width;
    private readonly int _height;
    private readonly float[] _values;

    private LinearChange(int width, int height, float[] values)
    {
        _width = width;
        _height = height;
        _values = values;
    }

    /// <summary>Finds the change between two pictures of one size.</summary>
    public static LinearChange Between(Picture before, Picture after)
    {
        var (width, height) = (before.Width, before.Height);
        var (old, made) = (Lightness(before), Lightness(after));
        var (oldMean, madeMean) = (Mean(old, width, height), Mean(made, width, height));
        var (squares, products) = (new double[old.Length], new double[old.Length]);
        for (var i = 0; i < old.Length; i++)
        {
            (squares[i], products[i]) = (old[i] * old[i], old[i] * made[i]);
        }

        (squares, products) = (Mean(squares, width, height), Mean(products, width, height));
        var values = new float[old.Length * Values];
        for (var i = 0; i < old.Length; i++)
        {
            var variance = Math.Max(0, squares[i] - (oldMean[i] * oldMean[i]));
            var covariance = products[i] - (oldMean[i] * madeMean[i]);
            var gain = Math.Clamp((covariance + Noise) / (variance + Noise), 0, 1);
            values[i * Values] = (float)gain;
            for (var channel = 0; channel < 3; channel++)
            {
                var at = (i * Picture.Channels) + channel;
                values[(i * Values) + 1 + channel] = (float)((after.Samples[at] - (gain * before.Samples[at])) / 255);
            }
        }

        return new LinearChange(width, height, values);
    }

    /// <summary>The values for a row of a picture of any size, linear between those of the model's pixels.</summary>
    /// <param name="y">The row, from 0.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="row">Filled; <see cref="Values"/> for each of its pixels.</param>
    public void FillRow(int y, int height, Span<float> row)
    {
        var width = row.Length / Values;
        var (top, bottom, down) = Interpolation.At(y, height, _height);
        ReadOnlySpan<float> upper = _values.AsSpan(top * _width * Values);
        ReadOnlySpan<float> lower = _values.AsSpan(bottom * _width * Values);
        for (var x = 0; x < width; x++)
        {
            var (left, right, along) = Interpolation.At(x, width, _width);
            for (var value = 0; value < Values; value++)
            {
                var (l, r) = ((left * Values) + value, (right * Values) + value);
                var above = upper[l] + ((upper[r] - upper[l]) * (float)along);
                var below = lower[l] + ((lower[r] - lower[l]) * (float)along);
                row[(x * Values) + value] = above + ((below - above) * (float)down);
            }
        }
    }

    // Rec. 709 weights, 0 to 1.
    private static double[] Lightness(Picture picture)
    {
        var lightness = new double[picture.Width * picture.Height];
        for (int i = 0, at = 0; i < lightness.Length; i++, at += Picture.Channels)
        {
            lightness[i] = ((0.2126 * picture.Samples[at]) + (0.7152 * picture.Samples[at + 1]) + (0.0722 * picture.Samples[at + 2])) / 255;
        }

        return lightness;
    }

    private static double[] Mean(double[] values, int width, int height) => BoxMeans.Of(values, width, height, Radius);
}

/// <summary>Where a pixel of one picture lies between those of another.</summary>
internal static class Interpolation
{
    /// <summary>The pixels before and after, and the share of the second.</summary>
    /// <param name="at">The pixel.</param>
    /// <param name="count">Pixels of its picture along this side.</param>
    /// <param name="ofCount">Pixels of the other picture along this side.</param>
    public static (int Before, int After, double Share) At(int at, int count, int ofCount)
    {
        var place = Math.Clamp(((at + 0.5) * ofCount / count) - 0.5, 0, ofCount - 1);
        var before = (int)place;
        return (before, Math.Min(before + 1, ofCount - 1), place - before);
    }
}

/// <summary>Means of squares of pixels.</summary>
internal static class BoxMeans
{
    /// <summary>Of each pixel the mean of 2·radius + 1 by as many, of fewer at the borders. Each is a sum of its own, so that no error gathers.</summary>
    public static double[] Of(ReadOnlySpan<double> values, int width, int height, int radius)
    {
        var across = new double[width * height];
        for (var y = 0; y < height; y++)
        {
            Line(values.Slice(y * width, width), across.AsSpan(y * width, width), radius);
        }

        var means = new double[width * height];
        var (column, averaged) = (new double[height], new double[height]);
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                column[y] = across[(y * width) + x];
            }

            Line(column, averaged, radius);
            for (var y = 0; y < height; y++)
            {
                means[(y * width) + x] = averaged[y];
            }
        }

        return means;
    }

    private static void Line(ReadOnlySpan<double> values, Span<double> means, int radius)
    {
        for (var at = 0; at < values.Length; at++)
        {
            var (from, to) = (Math.Max(at - radius, 0), Math.Min(at + radius, values.Length - 1));
            double sum = 0;
            for (var near = from; near <= to; near++)
            {
                sum += values[near];
            }

            means[at] = sum / (to - from + 1);
        }
    }
}
