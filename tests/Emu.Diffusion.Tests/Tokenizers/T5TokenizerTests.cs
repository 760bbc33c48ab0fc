using Emu.Diffusion.Tokenizers;

namespace Emu.Diffusion.Tests.Tokenizers;

public class T5TokenizerTests
{
    private static readonly ITokenizer Tokenizer = TokenizerLoader.Load(RepositoryFiles.Golden("tokenizers", "t5"));

    public static TheoryData<string> Texts => new(GoldenTexts.Load("t5").Select(entry => entry.Text));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Encode_ReferenceText_GivesReferenceIdsAndEnd(string text)
    {
        int[] expected = [.. GoldenTexts.Load("t5").First(entry => entry.Text == text).Ids.Take(31), 1];

        var tokens = Tokenizer.Encode(text);

        Assert.Equal(expected, tokens.Ids.Take(expected.Length));
        Assert.Equal(32, tokens.Ids.Length);
        Assert.All(tokens.Ids.Skip(expected.Length), id => Assert.Equal(0, id));
        Assert.Equal(expected.Length, tokens.AttentionMask.Sum());
    }
}
