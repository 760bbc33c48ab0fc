using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tokenizers;

namespace Emu.Diffusion.Tests.Tokenizers;

public class WordsTokenizerTests
{
    private static WordsTokenizerOptions Options => new()
    {
        Type = "words",
        Pattern = "[a-z0-9&ñãéåçíô]+",
        Drop = "’'“”",
        StartId = 1,
        UnknownId = 2,
        FirstWordId = 3,
        MaxLength = 6,
        Words = ["a", "red", "duck", "dogs"],
    };

    [Fact]
    public void Encode_KnownWords_GivesStartWordsAndPadding()
    {
        var tokens = new WordsTokenizer(Options).Encode("A RED duck!");

        Assert.Equal([1, 3, 4, 5, 0, 0], tokens.Ids);
        Assert.Equal([1, 1, 1, 1, 0, 0], tokens.AttentionMask);
        Assert.Empty(tokens.UnknownWords);
    }

    [Fact]
    public void Encode_TwoStartIds_BeginsWithBoth()
        => Assert.Equal([1, 1, 5, 0, 0, 0], new WordsTokenizer(Options with { StartId = null, StartIds = [1, 1] }).Encode("duck").Ids);

    [Fact]
    public void Encode_DroppedCharacters_JoinsWhatTheyPart()
        => Assert.Equal([1, 6, 6, 0, 0, 0], new WordsTokenizer(Options).Encode("dog's dog’s").Ids);

    [Fact]
    public void Encode_UnknownWords_NamesEachOnce()
    {
        var tokens = new WordsTokenizer(Options).Encode("zebra duck Zebra lorry");

        Assert.Equal([1, 2, 5, 2, 2, 0], tokens.Ids);
        Assert.Equal(["zebra", "lorry"], tokens.UnknownWords);
    }

    [Fact]
    public void Encode_TextTooLong_CountsWhatWasCut()
    {
        var tokens = new WordsTokenizer(Options).Encode("a a a a a a a");

        Assert.Equal([1, 3, 3, 3, 3, 3], tokens.Ids);
        Assert.Equal(2, tokens.DroppedTokens);
    }

    [Fact]
    public void Encode_EmptyText_IsStartAndPadding()
        => Assert.Equal([1, 0, 0, 0, 0, 0], new WordsTokenizer(Options).Encode("").Ids);

    [Fact]
    public void Constructor_WordTwice_IsRefused()
        => Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new WordsTokenizer(Options with { Words = ["a", "a"] })).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_FolderWithoutTokenizer_NamesWhatWasExpected()
    {
        using TemporaryFolder folder = new();

        var exception = Assert.Throws<ModelPackageException>(() => TokenizerLoader.Load(folder.Path));

        Assert.Contains("vocab.json", exception.Message, StringComparison.Ordinal);
        Assert.Equal(folder.Path, exception.File);
    }

    [Fact]
    public void Load_NextGenerationsFile_ReadsStartIds()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["tokenizer.json"], """
            {"type": "words", "pattern": "[a-z]+", "lowercase": true, "drop": "", "pad_id": 0, "start_ids": [1, 1], "unknown_id": 2, "first_word_id": 3, "max_length": 24, "words": ["duck"]}
            """);

        Assert.Equal([1, 1, 3, 2, 0], TokenizerLoader.Load(folder.Path).Encode("duck goose").Ids.Take(5));
    }
}
