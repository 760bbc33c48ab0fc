using Emu.Generation.Models;

namespace Emu.Generation.Tests.Models;

public class ModelNameTests
{
    [Theory]
    [InlineData("models/sticker", "sticker")]
    [InlineData("models/sticker/", "sticker")]
    [InlineData("models/./other/../sticker", "sticker")]
    [InlineData("models/Emu-Video_1.5", "emu-video_1.5")]
    [InlineData("models/my model (2)", "my-model--2-")]
    [InlineData("models/.hidden", "hidden")]
    [InlineData("models/_-x", "x")]
    [InlineData("models/Größe", "gr--e")]
    [InlineData("models/日本", "model")]
    [InlineData("/", "model")]
    public void Of_AFolder_IsItsNameInTheCharactersThatNamesHave(string folder, string expected) => Assert.Equal(expected, ModelName.Of(folder));

    [Fact]
    public void Of_ALongName_IsCut() => Assert.Equal(new string('a', 64), ModelName.Of(new string('a', 70)));

    [Fact]
    public void Of_AnEmptyPath_Throws() => Assert.Throws<ArgumentException>(() => ModelName.Of(""));

    [Fact]
    public void Name_TwoFoldersOfOneName_AreRefusedWithBothFolders()
    {
        var refused = Assert.Throws<ArgumentException>(() => new GenerationOptions { Models = GenerationOptions.Name(["a/Sticker", "b/sticker/"]) });
        Assert.Contains("a/Sticker", refused.Message);
        Assert.Contains("b/sticker/", refused.Message);
    }

    [Fact]
    public void Models_None_IsRefused() => Assert.Throws<ArgumentException>(() => new GenerationOptions { Models = [] });
}
