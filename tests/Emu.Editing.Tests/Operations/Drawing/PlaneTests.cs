using Emu.Editing.Operations.Drawing;
using Vector3 = System.Numerics.Vector3;

namespace Emu.Editing.Tests.Operations.Drawing;

public sealed class PlaneTests
{
    [Theory]
    [InlineData(0.8f)]
    [InlineData(2.5f)]
    [InlineData(9f)]
    [InlineData(17f)]
    public void Blurred_Impulse_IsAGaussian(float sigma)
    {
        var plane = new Plane(201, 181);
        // An impulse of 9 × 9: the shrunken planes have cells, and where in a cell a single pixel lies would matter.
        for (var y = 86; y < 95; y++)
        {
            plane.Row(y)[96..105].Fill(1f / 81f);
        }

        var blurred = plane.Blurred(sigma, default);

        var (sum, across, down) = (0d, 0d, 0d);
        for (var y = 0; y < 181; y++)
        {
            for (var x = 0; x < 201; x++)
            {
                sum += blurred.At(x, y);
                across += blurred.At(x, y) * (x - 100) * (x - 100);
                down += blurred.At(x, y) * (y - 90) * (y - 90);
            }
        }
        // A mean of 9 pixels has a variance of (9² − 1) / 12 itself.
        var expected = (sigma * sigma) + (80 / 12d);
        Assert.InRange(sum, 0.985, 1.015);
        Assert.InRange(across / sum, expected * 0.93, expected * 1.07);
        Assert.InRange(down / sum, expected * 0.93, expected * 1.07);
    }

    [Fact]
    public void Blurred_Edge_IsTheErrorFunction()
    {
        var plane = new Plane(101, 21);
        for (var y = 0; y < 21; y++)
        {
            plane.Row(y)[51..].Fill(1f);
        }

        var blurred = plane.Blurred(3f, default);

        for (var x = 30; x < 70; x++)
        {
            // The normal distribution by Abramowitz and Stegun 26.2.17, an approximation to 7.5e-8.
            Assert.Equal(Normal((x - 50.5) / 3), blurred.At(x, 10), 0.005);
        }
    }

    [Theory]
    [InlineData(37, 23)]
    [InlineData(100, 80)]
    [InlineData(301, 171)]
    public void Resized_Ramp_StaysARamp(int width, int height)
    {
        var plane = new Plane(100, 80);
        for (var y = 0; y < 80; y++)
        {
            for (var x = 0; x < 100; x++)
            {
                plane.Row(y)[x] = (x + 0.5f) / 100f;
            }
        }

        var resized = plane.Resized(width, height, default);

        for (var x = width / 8; x < width - (width / 8); x++)
        {
            Assert.Equal((x + 0.5f) / width, resized.At(x, height / 2), 0.002f);
        }
    }

    [Theory]
    // Björn Ottosson's values for sRGB's corners.
    [InlineData(1, 1, 1, 1, 0, 0)]
    [InlineData(1, 0, 0, 0.62796, 0.22486, 0.12585)]
    [InlineData(0, 1, 0, 0.86644, -0.23389, 0.17950)]
    [InlineData(0, 0, 1, 0.45201, -0.03246, -0.31153)]
    public void Oklab_Corners_AreAsPublished(float red, float green, float blue, float lightness, float a, float b)
    {
        var lab = Oklab.Encode(new Vector3(red, green, blue));

        Assert.Equal(lightness, lab.X, 0.0002f);
        Assert.Equal(a, lab.Y, 0.0002f);
        Assert.Equal(b, lab.Z, 0.0002f);
        Assert.True(Vector3.Distance(new Vector3(red, green, blue), Oklab.Decode(lab)) < 0.002f);
    }

    [Fact]
    public void Kuwahara_NoisyEdge_LosesTheNoiseAndKeepsTheEdge()
    {
        var canvas = Canvas.Blank(80, 60);
        var noise = Textures.Noise(80, 60, 5, default);
        for (var i = 0; i < noise.Values.Length; i++)
        {
            var value = (i % 80 < 40 ? 0.2f : 0.8f) + (0.2f * (noise.Values[i] - 0.5f));
            (canvas.Red.Values[i], canvas.Green.Values[i], canvas.Blue.Values[i]) = (value, value, value);
        }

        var filtered = Kuwahara.Apply(canvas, Flow.Of(canvas, 2f, default), 5f, default).Red;

        Assert.True(Deviation(filtered, 5, 35) < 0.35 * Deviation(canvas.Red, 5, 35));
        var steps = Enumerable.Range(30, 20).Select(x => Math.Abs(filtered.At(x + 1, 30) - filtered.At(x, 30))).ToArray();
        Assert.Equal(39 - 30, Array.IndexOf(steps, steps.Max()));
        Assert.True(steps.Max() > 0.35f);
    }

    [Fact]
    public void Flow_Stripes_RunAlongThem()
    {
        var canvas = Canvas.Blank(64, 64);
        for (var i = 0; i < 64 * 64; i++)
        {
            // Light changes down the diagonal; stripes run across it.
            canvas.Red.Values[i] = 0.5f + (0.5f * MathF.Sin(((i % 64) + (i / 64)) * 0.4f));
        }

        var flow = Flow.Of(canvas, 2f, default);

        var at = (32 * 64) + 32;
        Assert.Equal(0.7071f, Math.Abs(flow.X.Values[at]), 0.02f);
        Assert.Equal(-0.5f, flow.X.Values[at] * flow.Y.Values[at], 0.02f);
        Assert.True(flow.Anisotropy.Values[at] > 0.95f);
    }

    private static double Deviation(Plane plane, int left, int right)
    {
        var values = (from y in Enumerable.Range(5, 50) from x in Enumerable.Range(left, right - left) select (double)plane.At(x, y)).ToArray();
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static double Normal(double z)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z > 0 ? 1 - tail : tail;
    }
}
