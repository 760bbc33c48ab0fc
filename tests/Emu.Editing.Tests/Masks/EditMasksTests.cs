using Emu.Editing.Masks;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests.Masks;

public sealed class EditMasksTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(4.5)]
    [InlineData(20.0)]
    public void Grow_ByPixels_IsTheUnionOfDiscs(double pixels)
    {
        var random = new Random(1);
        var mask = EditMask.Create(50, 40, random, static (values, random) =>
        {
            for (var i = 0; i < 6; i++)
            {
                values[random.Next(values.Length)] = 255;
            }
        });

        var grown = mask.Grow(pixels);

        for (var i = 0; i < grown.Values.Length; i++)
        {
            var nearest = Enumerable.Range(0, mask.Values.Length).Where(j => mask.Values[j] == 255).Min(j => Math.Sqrt(Math.Pow((i % 50) - (j % 50), 2) + Math.Pow((i / 50) - (j / 50), 2)));
            Assert.InRange(grown.Values[i] - (255 * Math.Clamp(pixels + 0.5 - nearest, 0, 1)), -1, 1);
        }
    }

    [Fact]
    public void Grow_OfAnEmptyMask_IsEmpty() => Assert.True(Filled(30, 20, 0).Grow(5).IsEmpty);

    [Fact]
    public void Grow_Negative_Shrinks()
    {
        var shrunk = Disc(60, 60, 30, 30, 20, soft: 1).Grow(-5);

        Assert.Equal(0, shrunk.Row(30)[13]);
        Assert.Equal(255, shrunk.Row(30)[17]);
    }

    [Fact]
    public void Feather_OfAnEdge_IsCloseToAGaussian()
    {
        var edge = EditMask.CreateByRows(200, 8, static (_, row) => row[100..].Fill(255));

        var soft = edge.Feather(10);

        foreach (var x in (int[])[80, 90, 95, 100, 110, 120])
        {
            // The integral of a Gaussian by a published approximation (Abramowitz and Stegun, 7.1.26).
            var z = (x - 99.5) / 10 / Math.Sqrt(2);
            var t = 1 / (1 + (0.3275911 * Math.Abs(z)));
            var erf = 1 - (((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t * Math.Exp(-z * z));
            Assert.InRange(soft.Row(4)[x] - (127.5 * (1 + (Math.Sign(z) * erf))), -6, 6);
        }
    }

    [Fact]
    public void Invert_Twice_IsTheSame()
    {
        var mask = Disc(30, 20, 12, 9, 5);

        Assert.Equal(mask.Values.ToArray(), mask.Invert().Invert().Values.ToArray());
        Assert.Equal(255 - mask.Values[100], mask.Invert().Values[100]);
    }

    [Fact]
    public void BoundingBox_OfADisc_EnclosesIt()
    {
        Assert.Equal((7, 4, 11, 11), Disc(30, 20, 12, 9, 5, soft: 0.5).BoundingBox()!.Value);
        Assert.Null(Filled(5, 5, 0).BoundingBox());
        Assert.Equal((0, 0, 5, 6), Filled(5, 6, 255).BoundingBox(above: 0)!.Value);
    }

    [Fact]
    public void FromPicture_Painted_ReadsWhite()
    {
        var mask = Disc(30, 20, 12, 9, 5);

        Assert.Equal(mask.Values.ToArray(), EditMasks.FromPicture(mask.ToPicture()).Values.ToArray());
    }

    [Fact]
    public void FromPicture_WithTransparency_ReadsWhatIsTransparent()
    {
        var picture = Picture.FromSamples(2, 1, [9, 9, 9, 0, 255, 255, 255, 255]);

        Assert.Equal([255, 0], EditMasks.FromPicture(picture).Values.ToArray());
    }

    internal static EditMask Filled(int width, int height, byte value) => EditMask.CreateByRows(width, height, (_, row) => row.Fill(value));
}
