using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Pictures;

public sealed class PictureCompositingTests
{
    [Fact]
    public void Over_Colour_IsExactlyRounded()
    {
        var picture = Frames.Noise(64, 64, 9);

        var flat = picture.Over(new PictureColor(40, 0, 255));

        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                var (p, f) = (picture[x, y], flat[x, y]);
                var a = p.Alpha / 255.0;
                Assert.Equal(new PictureColor(Round((p.Red * a) + (40 * (1 - a))), Round(p.Green * a), Round((p.Blue * a) + (255 * (1 - a)))), f);
            }
        }

        static byte Round(double value) => (byte)Math.Round(value, MidpointRounding.AwayFromZero);
    }

    [Fact]
    public void Over_HalfTransparentColour_FollowsPorterAndDuff()
    {
        var result = Picture.Filled(1, 1, new(200, 0, 0, 128)).Over(new PictureColor(0, 100, 0, 128));

        // alpha = 128 + 128 · 127/255 = 191.75; red = 200 · 128 / 191.75; green = 100 · 63.75 / 191.75
        Assert.Equal(new PictureColor(134, 33, 0, 192), result[0, 0]);
    }

    [Fact]
    public void Over_OpaquePicture_IsItself()
    {
        var picture = Picture.Filled(3, 3, new(1, 2, 3));

        Assert.Same(picture, picture.Over(PictureColor.White));
    }

    [Fact]
    public void OverChecker_TransparentPicture_ShowsSquares()
    {
        var checker = Picture.Filled(8, 8, PictureColor.Transparent).OverChecker(4);

        Assert.Equal(PictureColor.White, checker[0, 0]);
        Assert.Equal(new PictureColor(204, 204, 204), checker[4, 0]);
        Assert.Equal(new PictureColor(204, 204, 204), checker[3, 7]);
        Assert.Equal(PictureColor.White, checker[7, 7]);
    }

    [Fact]
    public void Over_PictureOfAnotherSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Picture.Filled(3, 3, default).Over(Picture.Filled(3, 4, default)));

    [Fact]
    public void FromSamples_WrongNumber_SaysWhatFits() =>
        Assert.Contains("3x2 has 24 samples; 23 were given", Assert.Throws<ArgumentException>(() => Picture.FromSamples(3, 2, new byte[23])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(100_000, 100_000)]
    public void Create_ImpossibleSize_IsRefused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Filled(width, height, default));
}
