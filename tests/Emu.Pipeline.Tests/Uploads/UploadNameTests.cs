using Emu.Media.Pictures;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class UploadNameTests
{
    [Fact]
    public void TextsFor_APicture_NamesTheSpecificTextFirst() =>
        Assert.Equal(["a/cat.png.txt", "a/cat.txt"], UploadName.TextsFor("a/cat.png"));

    [Fact]
    public void PicturesFor_TextOfANamedPicture_IsThatPicture() => Assert.Equal(["cat.png"], UploadName.PicturesFor("cat.png.txt"));

    [Fact]
    public void PicturesFor_TextOfAStem_IsAnyPictureOfIt() =>
        Assert.Superset(new HashSet<string> { "cat.png", "cat.jpg", "cat.JPG", "cat.webp" }, UploadName.PicturesFor("cat.txt").ToHashSet());

    [Fact]
    public void PictureExtensions_AreThoseOfTheFormatsThatAreRead() =>
        Assert.Equal(PictureFormats.All.AcceptedExtensions.Split(", ").Order(), UploadName.PictureExtensions.Order());

    [Theory]
    [InlineData("cat.PNG", true)]
    [InlineData("cat.jpeg", true)]
    [InlineData("cat.png.error.json", false)]
    [InlineData("cat.txt", false)]
    [InlineData("png", false)]
    public void IsPicture_ByEnding_Tells(string name, bool expected) => Assert.Equal(expected, UploadName.IsPicture(name));
}
