using Emu.Diffusion.ModelPackages;
using Emu.Generation.Images;
using Emu.Media.Pictures;

namespace Emu.Generation.Tests.Images;

public class InputPicturesTests
{
    private static readonly ModelDescription Transparent = new() { Name = "t", NativeSize = 16, LatentChannels = 4, Alpha = PictureAlpha.Premultiplied };

    [Fact]
    public void Fit_WidePictureForAModelWithAlpha_IsCentredOnTransparent()
    {
        var planes = InputPictures.Fit(Picture.Filled(32, 16, new PictureColor(255, 0, 0)), Transparent);
        Assert.Equal([1, 4, 16, 16], planes.Shape);
        float At(int channel, int y, int x) => planes.Span[(channel * 256) + (y * 16) + x];
        Assert.Equal([1f, -1f, -1f, 1f], Enumerable.Range(0, 4).Select(channel => At(channel, 8, 8)));
        Assert.Equal([-1f, -1f, -1f, -1f], Enumerable.Range(0, 4).Select(channel => At(channel, 1, 8)));
        Assert.Equal([-1f, -1f, -1f, -1f], Enumerable.Range(0, 4).Select(channel => At(channel, 14, 8)));
    }

    [Fact]
    public void Fit_TransparentPictureForAModelWithoutAlpha_IsOnWhite()
    {
        var planes = InputPictures.Fit(Picture.Filled(8, 16, PictureColor.Transparent), Transparent with { Alpha = PictureAlpha.None });
        Assert.Equal([1, 3, 16, 16], planes.Shape);
        Assert.All(planes.Data.ToArray(), value => Assert.Equal(1f, value));
    }

    [Fact]
    public void Fit_PictureThinnerThanAPixel_IsRefusedWithTheLimit()
    {
        var exception = Assert.Throws<InvalidPictureException>(() => InputPictures.Fit(Picture.Filled(17, 1, PictureColor.White), Transparent));

        Assert.Equal(PictureErrorCode.TooThin, exception.Code);
        Assert.Contains("17x1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("at most 16 times", exception.Message, StringComparison.Ordinal);
    }
}
