using Emu.Diffusion.Tokenizers;

namespace Emu.Diffusion.Tests.Tokenizers;

public class ClipTokenizerTests
{
    private static readonly ITokenizer Tokenizer = TokenizerLoader.Load(RepositoryFiles.Golden("tokenizers", "clip"));

    public static TheoryData<string> Texts => new(GoldenTexts.Load("clip").Select(entry => entry.Text));

    [Fact]
    public void Encode_PublishedExample_GivesPublishedIds()
    {
        var tokens = Tokenizer.Encode("a photo of a cat");

        Assert.Equal([49406, 320, 1125, 539, 320, 2368, 49407], tokens.Ids.Take(7));
        Assert.Equal(77, tokens.Ids.Length);
        Assert.All(tokens.Ids.Skip(7), id => Assert.Equal(49407, id));
        Assert.Equal(7, tokens.AttentionMask.Sum());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Encode_ReferenceText_GivesReferenceIds(string text)
    {
        var expected = GoldenTexts.Load("clip").First(entry => entry.Text == text).Ids;

        Assert.Equal(expected, Tokenizer.Encode(text).Ids.Take(expected.Length));
    }

    [Fact]
    public void Encode_TextTooLong_KeepsTheEndAndCountsWhatWasCut()
    {
        var tokens = Tokenizer.Encode(string.Join(' ', Enumerable.Repeat("cat", 80)));

        Assert.Equal(49407, tokens.Ids[^1]);
        Assert.Equal(5, tokens.DroppedTokens);
    }

    [Fact]
    public void Encode_PaddingTokenOfItsOwn_PadsWithIt()
    {
        // Stable Diffusion XL's second tokenizer pads with "!", id 0.
        var vocabulary = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(RepositoryFiles.Golden("tokenizers", "clip", "vocab.json")))!;
        ClipTokenizer tokenizer = new(vocabulary, [], padToken: "!");

        Assert.Equal([49406, 49407, 0, 0], tokenizer.Encode("").Ids.Take(4));
    }
}
