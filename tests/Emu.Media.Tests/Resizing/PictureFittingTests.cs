using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Resizing;

public sealed class PictureFittingTests
{
    private static readonly PictureColor Red = new(255, 0, 0);

    [Fact]
    public void Contain_WidePicture_IsPaddedAboveAndBelow()
    {
        var fitted = Picture.Filled(200, 100, Red).Contain(64, 64);

        Assert.Equal((64, 64), (fitted.Width, fitted.Height));
        Assert.Equal(default, fitted[32, 15]);
        Assert.Equal(Red, fitted[0, 16]);
        Assert.Equal(Red, fitted[63, 47]);
        Assert.Equal(default, fitted[32, 48]);
    }

    [Fact]
    public void Contain_OnABackground_LiesUnderEverything()
    {
        var fitted = Frames.Disc(10, 40, 0, 1).Contain(40, 40, PictureColor.White);

        Assert.False(fitted.HasTransparency);
        Assert.Equal(PictureColor.White, fitted[0, 20]);
        Assert.Equal(PictureColor.White, fitted[16, 0]);
    }

    [Fact]
    public void Cover_WidePicture_IsCutLeftAndRight()
    {
        var picture = Picture.Filled(100, 50, Red).Padded(50, 0, 200, 50, PictureColor.White);

        var fitted = picture.Cover(32, 32);

        Assert.Equal(0, Goldens.Difference(Picture.Filled(32, 32, Red), fitted));
    }

    [Theory]
    [InlineData(1, 1_000_000)]
    [InlineData(1_000_000, 1)]
    public void ContainAndCover_EndlessStrip_StaySmall(int width, int height)
    {
        var strip = Picture.Filled(width, height, Red);

        Assert.Equal(0, Goldens.Difference(Picture.Filled(64, 48, Red), strip.Cover(64, 48)));
        var contained = strip.Contain(64, 48);
        Assert.Equal(Red, contained[width == 1 ? 31 : 0, width == 1 ? 0 : 23]);
    }

    [Fact]
    public void Within_SmallPicture_IsLeftAsItIs()
    {
        var small = Picture.Filled(30, 20, Red);

        Assert.Same(small, small.Within(320, 320));
        Assert.Equal((30, 20), (Picture.Filled(300, 200, Red).Within(30, 30).Width, Picture.Filled(300, 200, Red).Within(30, 30).Height));
    }

    [Fact]
    public void Cropped_Rectangle_HoldsItsPixels()
    {
        var picture = Frames.Noise(9, 7, 3);

        var part = picture.Cropped(2, 3, 5, 4);

        Assert.Equal(picture[2, 3], part[0, 0]);
        Assert.Equal(picture[6, 6], part[4, 3]);
        Assert.Contains("does not lie within 9x7", Assert.Throws<ArgumentOutOfRangeException>(() => picture.Cropped(5, 0, 5, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padded_TooSmallAGround_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Filled(9, 9, Red).Padded(0, 0, 8, 20));
}
