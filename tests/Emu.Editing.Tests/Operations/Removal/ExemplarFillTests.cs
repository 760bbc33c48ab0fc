using Emu.Editing.Operations;
using Emu.Editing.Operations.Removal;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests.Operations.Removal;

public sealed class ExemplarFillTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Fill_OfAHoleInATexture_ContinuesIt(int bits)
    {
        var picture = Stripes(160, 120, bits);
        var hole = Disc(160, 120, 80, 60, 16, soft: 1);

        var filled = ExemplarFill.Fill(picture, hole, 1, CancellationToken.None);

        var wrong = Enumerable.Range(0, 160 * 120).Count(i => hole.Values[i] != 0 && Math.Abs(Red(filled, i) - Red(picture, i)) > 30);
        Assert.InRange(wrong, 0, hole.Values.ToArray().Count(value => value != 0) / 20);
    }

    [Fact]
    public void Fill_WithTheSameSeed_IsTheSame()
    {
        var (picture, hole) = (Noise(90, 70, 8, 2), Disc(90, 70, 40, 30, 9));

        Assert.Equal(ExemplarFill.Fill(picture, hole, 5, CancellationToken.None).Bytes.ToArray(), ExemplarFill.Fill(picture, hole, 5, CancellationToken.None).Bytes.ToArray());
    }

    [Fact]
    public void Fill_AtTheBorder_IsFilled()
    {
        var hole = Disc(90, 70, 0, 35, 12, soft: 1);
        var picture = Mixed(hole, new PictureColor(255, 0, 0), new PictureColor(20, 80, 160));

        var filled = ExemplarFill.Fill(picture, hole, 5, CancellationToken.None);

        Assert.Equal([20, 80, 160, 255], filled.RowBytes(35)[..4].ToArray());
    }

    [Fact]
    public void Fill_OfEverything_IsRefused() =>
        Assert.Throws<EditException>(() => ExemplarFill.Fill(Noise(40, 40, 8, 3), Masks.EditMasksTests.Filled(40, 40, 255), 1, CancellationToken.None));

    private static int Red(SourcePicture picture, int pixel) => picture.Bits == 8 ? picture.Bytes[pixel * 4] : picture.Bytes[(pixel * 8) + 1];

    private static SourcePicture Stripes(int width, int height, int bits) => SourcePicture.CreateByRows(width, height, bits, SourceMetadata.None, (y, row) =>
    {
        var samples = new float[width * 4];
        for (var x = 0; x < width; x++)
        {
            samples.AsSpan(x * 4, 3).Fill((x + (2 * y)) % 24 < 12 ? 0.2f : 0.8f);
            samples[(x * 4) + 3] = 1;
        }
        SourcePicture.WriteRow(samples, bits, row);
    });
}
