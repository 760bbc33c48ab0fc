using Emu.Media.Pictures;

namespace Emu.Media.Tests.Pictures;

public sealed class PictureFormatsTests
{
    [Theory]
    [InlineData(PictureFormat.Png, ".png", "image/png")]
    [InlineData(PictureFormat.Jpeg, ".jpg", "image/jpeg")]
    [InlineData(PictureFormat.WebP, ".webp", "image/webp")]
    [InlineData(PictureFormat.Gif, ".gif", "image/gif")]
    [InlineData(PictureFormat.Bmp, ".bmp", "image/bmp")]
    public void All_EveryFormat_HasItsUsualExtensionAndMediaType(PictureFormat format, string extension, string mediaType) =>
        Assert.Equal((extension, mediaType), (format.Extension(), PictureFormats.All[format].MediaType));

    [Fact]
    public void Writable_Formats_AreThoseThatCanBeWritten() => Assert.Equal(["png", "jpeg", "webp"], PictureFormats.Writable.Names);
}
