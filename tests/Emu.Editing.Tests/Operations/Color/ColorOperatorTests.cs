using System.Runtime.InteropServices;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests.Operations.Color;

/// <summary>Against the formulas in double.</summary>
public sealed class ColorOperatorTests
{
    private const int Side = 24;

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Tint_OfPixels_IsTheBlendModeColor(int bits)
    {
        var picture = Noise(Side, Side, bits, 1);
        double[] color = [200 / 255.0, 30 / 255.0, 60 / 255.0];
        var mean = Pixels(picture).Average(Luma);
        var exponent = Math.Clamp(Math.Log((mean + Luma(color)) / 2) / Math.Log(mean), 0.25, 4);

        var outcome = await ApplyAsync(picture, null, EditTarget.Everything, new Tint(new PictureColor(200, 30, 60)));

        AssertClose(picture, outcome.Picture, pixel =>
        {
            // W3C Compositing and Blending, SetLum(Cs, Lum(Cb)).
            var luma = Math.Pow(Luma(pixel), exponent);
            return Clip([.. color.Select(channel => channel + luma - Luma(color))], luma);
        });
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.7)]
    public async Task Saturate_OfPixels_ScalesTheDistanceFromGrey(double factor) =>
        AssertClose(Noise(Side, Side, 16, 2), (await ApplyAsync(Noise(Side, Side, 16, 2), null, EditTarget.Everything, new Saturate(factor))).Picture, pixel =>
            Clip([.. pixel.Select(channel => Luma(pixel) + ((channel - Luma(pixel)) * factor))], Luma(pixel)));

    [Theory]
    [InlineData(0.6)]
    [InlineData(-0.6)]
    public async Task Brighten_OfPixels_IsAPower(double amount) =>
        AssertClose(Noise(Side, Side, 16, 3), (await ApplyAsync(Noise(Side, Side, 16, 3), null, EditTarget.Everything, new Brighten(amount))).Picture, pixel =>
            [.. pixel.Select(channel => Math.Pow(channel, Math.Pow(2, -1.2 * amount)))]);

    [Fact]
    public async Task Contrast_Less_GoesTowardsMidGrey() =>
        AssertClose(Noise(Side, Side, 8, 4), (await ApplyAsync(Noise(Side, Side, 8, 4), null, EditTarget.Everything, new Contrast(-0.5))).Picture, pixel =>
            [.. pixel.Select(channel => (channel + 0.5) / 2)]);

    [Fact]
    public async Task Grey_OfPixels_IsLuma() =>
        AssertClose(Noise(Side, Side, 16, 5), (await ApplyAsync(Noise(Side, Side, 16, 5), null, EditTarget.Everything, new Grey())).Picture, pixel => [Luma(pixel), Luma(pixel), Luma(pixel)]);

    [Fact]
    public async Task Warm_OfGrey_IsYellowerAtTheSameLuma()
    {
        var grey = SourcePicture.From(Picture.Filled(Side, Side, new PictureColor(120, 120, 120)));

        var pixel = Pixels((await ApplyAsync(grey, null, EditTarget.Everything, new Warm(1))).Picture).First();

        Assert.True(pixel[0] > pixel[1] && pixel[1] > pixel[2]);
        Assert.Equal(120 / 255.0, Luma(pixel), 2);
    }

    [Fact]
    public async Task Tint_OfAHalfMaskedPixel_IsMixedByHalf()
    {
        var picture = SourcePicture.From(Picture.Filled(16, 16, new PictureColor(100, 100, 100)));
        var half = Tests.Masks.EditMasksTests.Filled(16, 16, 128);

        var whole = (await ApplyAsync(picture, null, EditTarget.Everything, new Brighten(1))).Picture.Bytes[0];
        var mixed = (await ApplyAsync(picture, half, EditTarget.Mask, new Brighten(1))).Picture.Bytes[0];

        Assert.InRange(mixed, 100 + ((whole - 100) * 128 / 255) - 1, 100 + ((whole - 100) * 128 / 255) + 1);
    }

    [Fact]
    public async Task Blur_OfARegion_TakesNothingFromOutside()
    {
        var mask = Disc(64, 64, 32, 32, 16, soft: 0.5);
        var picture = Mixed(mask, new PictureColor(40, 40, 40), new PictureColor(255, 0, 0));

        var outcome = await ApplyAsync(picture, mask.Threshold(200), EditTarget.Mask, new Blur(1));

        Assert.Equal([40, 40, 40, 255], outcome.Picture.Bytes.Slice(((32 * 64) + 32) * 4, 4).ToArray());
        Assert.InRange(outcome.Picture.Bytes[((32 * 64) + 18) * 4], 35, 60);
    }

    [Fact]
    public async Task Sharpen_OfAnEdge_Overshoots()
    {
        var picture = SourcePicture.CreateByRows(32, 32, 8, SourceMetadata.None, static (_, row) =>
        {
            for (var x = 0; x < 32; x++)
            {
                row.Slice(x * 4, 3).Fill(x < 16 ? (byte)80 : (byte)160);
                row[(x * 4) + 3] = 255;
            }
        });

        var row = (await ApplyAsync(picture, null, EditTarget.Everything, new Sharpen(1))).Picture.RowBytes(16).ToArray();

        Assert.True(row[15 * 4] < 75 && row[16 * 4] > 165);
        Assert.Equal(80, row[4 * 4]);
        Assert.Equal(160, row[28 * 4]);
    }

    private static IEnumerable<double[]> Pixels(SourcePicture picture)
    {
        var values = picture.Bits == 8 ? picture.Bytes.ToArray().Select(value => value / 255.0) : MemoryMarshal.Cast<byte, ushort>(picture.Bytes).ToArray().Select(value => value / 65_535.0);
        return values.Chunk(4);
    }

    private static double Luma(double[] pixel) => (0.2126 * pixel[0]) + (0.7152 * pixel[1]) + (0.0722 * pixel[2]);

    private static double[] Clip(double[] color, double luma)
    {
        var (least, most) = (color.Min(), color.Max());
        color = least < 0 ? [.. color.Select(channel => luma + ((channel - luma) * luma / (luma - least)))] : color;
        return most > 1 ? [.. color.Select(channel => luma + ((channel - luma) * (1 - luma) / (most - luma)))] : color;
    }

    private static void AssertClose(SourcePicture before, SourcePicture after, Func<double[], double[]> expected)
    {
        // Half a step for rounding, and a little for float: 16 bits keep their depth.
        var tolerance = before.Bits == 8 ? 0.6 / 255 : 2.0 / 65_535;
        foreach (var (old, now) in Pixels(before).Zip(Pixels(after)))
        {
            var wanted = expected(old[..3]);
            for (var c = 0; c < 3; c++)
            {
                Assert.InRange(now[c] - Math.Clamp(wanted[c], 0, 1), -tolerance, tolerance);
            }
            Assert.Equal(old[3], now[3]);
        }
    }
}
