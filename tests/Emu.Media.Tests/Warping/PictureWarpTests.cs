using Emu.Media.Warping;

namespace Emu.Media.Tests.Warping;

public class PictureWarpTests
{
    private const int Size = 24;

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Render_WithoutMotion_GivesTheSourceBack(int channels)
    {
        var planes = Noise(channels);
        var result = Render(planes, channels, WarpBorder.Transparent, new Affine(1, 0, 0, 0, 1, 0));
        Near(planes, result, 1e-6);
    }

    [Theory]
    [InlineData(WarpBorder.Transparent)]
    [InlineData(WarpBorder.Mirrored)]
    public void Render_AffineMap_AgreesWithIndependentConvolution(WarpBorder border)
    {
        var planes = Noise(4);
        Affine map = new(0.83, 0.31, 1.7, -0.29, 0.9, 2.2);
        var result = Render(planes, 4, border, map);
        Near(Reference(planes, border, map), result, 2e-5);
    }

    [Fact]
    public void Render_HalfOpacity_HalvesColourAndAlpha()
    {
        var planes = Noise(4);
        var result = new float[planes.Length];
        new PictureWarp(planes, Size, Size, WarpBorder.Transparent).Render(new Affine(1, 0, 0, 0, 1, 0), 1, 0.5f, result);
        Near([.. planes.Select(value => ((value + 1) / 2) - 1)], result, 1e-5);
    }

    [Fact]
    public void Render_MadeSmallerWithMoreSamples_KeepsTheMeanOfAFinePattern()
    {
        // Columns of black and white: one sample a pixel would see only one kind of them.
        var planes = new float[3 * Size * Size];
        for (var index = 0; index < planes.Length; index++)
        {
            planes[index] = index % 2 == 0 ? 1 : -1;
        }

        var result = new float[planes.Length];
        new PictureWarp(planes, Size, Size, WarpBorder.Mirrored).Render(new Affine(2, 0, 0, 0, 2, 0), 2, 1, result);
        Assert.All(result, value => Assert.InRange(value, -0.2f, 0.2f));
    }

    [Fact]
    public void Constructor_WrongLength_SaysWhatWasExpected() =>
        Assert.Contains("[3 or 4, 24, 24]", Assert.Throws<ArgumentException>(() => new PictureWarp(new float[100], Size, Size, WarpBorder.Mirrored)).Message);

    private static float[] Render(float[] planes, int channels, WarpBorder border, Affine map)
    {
        var result = new float[channels * Size * Size];
        new PictureWarp(planes, Size, Size, border).Render(map, 1, 1, result);
        return result;
    }

    /// <summary>Premultiplied noise, −1 to 1.</summary>
    private static float[] Noise(int channels)
    {
        Random random = new(1);
        var plane = Size * Size;
        var planes = new float[channels * plane];
        for (var pixel = 0; pixel < plane; pixel++)
        {
            var alpha = channels == 4 ? random.NextDouble() : 1;
            for (var channel = 0; channel < channels; channel++)
            {
                planes[(channel * plane) + pixel] = (float)((channel == 3 ? alpha : random.NextDouble() * alpha) * 2) - 1;
            }
        }

        return planes;
    }

    /// <summary>The same by Keys' kernel (IEEE Trans. ASSP 29, 1981, equation 4 with a = −1/2) over the whole picture, in double precision.</summary>
    private static float[] Reference(float[] planes, WarpBorder border, Affine map)
    {
        var plane = Size * Size;
        var result = new float[4 * plane];
        for (var pixel = 0; pixel < plane; pixel++)
        {
            map.Map((pixel % Size) + 0.5f, (pixel / Size) + 0.5f, out var x, out var y);
            var values = new double[4];
            for (var row = -2 * Size; row < 3 * Size; row++)
            {
                for (var column = -2 * Size; column < 3 * Size; column++)
                {
                    var weight = Keys(x - 0.5 - column) * Keys(y - 0.5 - row);
                    var inside = row >= 0 && row < Size && column >= 0 && column < Size;
                    if (weight == 0 || (!inside && border == WarpBorder.Transparent))
                    {
                        continue;
                    }

                    var at = (Mirror(row) * Size) + Mirror(column);
                    for (var channel = 0; channel < 4; channel++)
                    {
                        values[channel] += weight * (planes[(channel * plane) + at] + 1) / 2;
                    }
                }
            }

            var alpha = Math.Clamp(values[3], 0, 1);
            for (var channel = 0; channel < 4; channel++)
            {
                result[(channel * plane) + pixel] = (float)((Math.Clamp(values[channel], 0, alpha) * 2) - 1);
            }
        }

        return result;
    }

    private static int Mirror(int index)
    {
        while (index < 0 || index >= Size)
        {
            index = index < 0 ? -1 - index : (2 * Size) - 1 - index;
        }

        return index;
    }

    private static double Keys(double distance)
    {
        var s = Math.Abs(distance);
        return s < 1 ? (1.5 * s * s * s) - (2.5 * s * s) + 1 : s < 2 ? (-0.5 * s * s * s) + (2.5 * s * s) - (4 * s) + 2 : 0;
    }

    private static void Near(float[] expected, float[] actual, double tolerance)
    {
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.InRange(actual[index], expected[index] - tolerance, expected[index] + tolerance);
        }
    }

    private readonly struct Affine(double xx, double xy, double x0, double yx, double yy, double y0) : IWarpMap
    {
        public void Map(float x, float y, out float sourceX, out float sourceY)
        {
            sourceX = (float)((xx * x) + (xy * y) + x0);
            sourceY = (float)((yx * x) + (yy * y) + y0);
        }
    }
}
