using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class UploadNameTests
{
    [Fact]
    public void TextsFor_APicture_NamesTheSpecificTextFirst() => Assert.Equal(["a/cat.png.txt", "a/cat.txt"], UploadName.TextsFor("a/cat.png"));

    [Fact]
    public void TextsFor_APictureWithoutAnEnding_IsOne() => Assert.Equal(["a.b/cat.txt"], UploadName.TextsFor("a.b/cat"));

    [Theory]
    [InlineData("cat.PNG", true)]
    [InlineData("cat.heic", true)]
    [InlineData("cat", true)]
    [InlineData("cat.png.error.json", false)]
    [InlineData("cat.TXT", false)]
    [InlineData("a/.hidden", false)]
    [InlineData("a/Thumbs.db", false)]
    public void IsPicture_EveryFileButTextsReportsAndThoseOfSystems(string name, bool expected) => Assert.Equal(expected, UploadName.IsPicture(name));

    [Theory]
    [InlineData("cat.png", "cat.txt")]
    [InlineData("cat.png", "cat.png.txt")]
    [InlineData("two.jpg", "two.TXT")]
    [InlineData("TWO.JPG", "two.txt")]
    [InlineData("cafe\u0301.jpg", "caf\u00E9.txt")]
    [InlineData("caf\u00E9.jpg", "CAFE\u0301.txt")]
    [InlineData("\u0443\u0442\u043A\u0430.jpg", "\u0423\u0422\u041A\u0410.txt")]
    [InlineData("cat", "cat.txt")]
    [InlineData("a/cat.heic", "a/cat.txt")]
    public void Listing_PictureAndItsText_FindEachOther(string picture, string text)
    {
        var listing = new UploadListing([text, picture, "dog.png", "dog.txt", "b/cat.png", "b/cat.txt"]);

        Assert.Equal([text], listing.TextsFor(picture));
        Assert.Equal([picture], listing.PicturesFor(text));
    }

    [Fact]
    public void Listing_SeveralNamesAlike_PrefersTheSpecificAndTheExactOne()
    {
        var listing = new UploadListing(["cat.png", "cat.jpg", "CAT.txt", "cat.txt", "cat.PNG.txt"]);

        Assert.Equal(["cat.PNG.txt", "cat.txt", "CAT.txt"], listing.TextsFor("cat.png"));
        Assert.Equal(["cat.jpg", "cat.png"], listing.PicturesFor("cat.txt"));
        Assert.Equal(["cat.png"], listing.PicturesFor("cat.PNG.txt"));
    }
}
