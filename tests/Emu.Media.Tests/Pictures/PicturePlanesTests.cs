using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Pictures;

public sealed class PicturePlanesTests
{
    [Fact]
    public void CopyToPremultipliedPlanes_KnownPixels_HaveKnownValues()
    {
        var picture = Picture.FromSamples(2, 1, [255, 0, 51, 255, 255, 255, 0, 51]);
        var planes = new float[8];

        picture.CopyToPremultipliedPlanes(planes);

        float[] expected = [1, (2 * 0.2f) - 1, -1, (2 * 0.2f) - 1, (2 * 0.2f) - 1, -1, 1, (2 * 0.2f) - 1];
        Assert.Equal(expected, planes, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void FromPremultipliedPlanes_EveryAlphaAndColour_ComesBackUnchanged()
    {
        var picture = Picture.Create(256, 256, 0, static (samples, _) =>
        {
            for (var i = 0; i < samples.Length; i += 4)
            {
                var (alpha, color) = Math.DivRem(i / 4, 256);
                samples.Slice(i, 4).Fill(alpha == 0 ? (byte)0 : (byte)color);
                samples[i + 3] = (byte)alpha;
            }
        });
        var planes = new float[4 * 256 * 256];

        picture.CopyToPremultipliedPlanes(planes);
        var back = PicturePlanes.FromPremultipliedPlanes(planes, 256, 256);

        Assert.Equal(picture.Samples, back.Samples);
    }

    [Fact]
    public void FromPremultipliedPlanes_ValuesOutOfRange_AreClamped()
    {
        var back = PicturePlanes.FromPremultipliedPlanes([7f, float.NaN, -9f, 0.5f], 1, 1);

        Assert.Equal([255, 0, 0, 191], back.Samples.ToArray());
    }

    [Fact]
    public void FromRgbPlanes_OfCopyToRgbPlanes_IsThePictureOnItsGround()
    {
        var picture = Frames.Noise(17, 9, 1);
        var planes = new float[3 * 17 * 9];

        picture.CopyToRgbPlanes(new(10, 200, 30), planes);
        var back = PicturePlanes.FromRgbPlanes(planes, 17, 9);

        Assert.Equal(picture.Over(new PictureColor(10, 200, 30)).Samples.ToArray().Select(value => (int)value), back.Samples.ToArray().Select(value => (int)value), (a, b) => Math.Abs(a - b) <= 1);
    }

    [Fact]
    public void CopyToPremultipliedPlanes_WrongLength_SaysWhatFits()
    {
        var exception = Assert.Throws<ArgumentException>(() => Picture.Filled(3, 2, PictureColor.White).CopyToPremultipliedPlanes(new float[23]));

        Assert.Contains("[4, 2, 3] has 24 values; 23 were given.", exception.Message, StringComparison.Ordinal);
    }
}
