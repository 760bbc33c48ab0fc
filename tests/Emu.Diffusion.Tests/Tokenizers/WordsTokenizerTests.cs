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

    private static WordsTokenizerOptions Named => Options with { MaxLength = 6, Words = [.. Options.Words, "heart", "hand", "woman", "firefighter", "one", "germany", "france", "england"] };

    private static WordsLanguage English => new()
    {
        Language = "English",
        FunctionWords = ["a"],
        Emoji = new Dictionary<string, string>
        {
            ["\U0001F986"] = "duck",
            ["\u2764"] = "red heart",
            ["\U0001F44B"] = "hand",
            ["\U0001F469"] = "woman",
            ["\U0001F469\u200D\U0001F692"] = "firefighter",
            ["1\u20E3"] = "one",
            ["\U0001F1E9\U0001F1EA"] = "germany",
            ["\U0001F1EB\U0001F1F7"] = "france",
            ["\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F"] = "england",
        },
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

    [Theory]
    [InlineData("a \U0001F986!", "a duck")]
    [InlineData("\U0001F986\U0001F986", "duck duck")]
    [InlineData("red\U0001F986red", "red duck red")]
    [InlineData("\U0001F986\uFE0F", "duck")]
    [InlineData("\u2764", "red heart")]
    [InlineData("\u2764\uFE0F", "red heart")]
    [InlineData("\U0001F44B\U0001F3FE", "hand")]
    [InlineData("\U0001F469\U0001F3FD\u200D\U0001F692", "firefighter")]
    [InlineData("\U0001F469\u200D\U0001F986", "woman duck")]
    [InlineData("1\uFE0F\u20E3", "one")]
    [InlineData("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", "germany france")]
    [InlineData("\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "england")]
    public void Encode_Emoji_AreReadAsTheirNames(string text, string same)
    {
        var tokenizer = new WordsTokenizer(Named, English);
        var tokens = tokenizer.Encode(text);

        Assert.Equal(tokenizer.Encode(same).Ids, tokens.Ids);
        Assert.Empty(tokens.UnknownWords);
        Assert.True(tokens.IsUnderstood);
    }

    [Theory]
    [InlineData("утка", "утка")]
    [InlineData("бугарская УТКА", "бугарская утка")]
    [InlineData("一只黄色的鸭子", "一只黄色的鸭子")]
    [InlineData("بطة صفراء", "بطة صفراء")]
    [InlineData("बत्तख", "बत्तख")]
    [InlineData("\U0001FABF", "\U0001FABF")]
    [InlineData("\u2605\uFE0F", "\u2605\uFE0F")]
    [InlineData("zebra", "zebra")]
    [InlineData("a the", "the")]
    [InlineData("!?", "")]
    public void Encode_NothingThatIsKnown_IsNotUnderstoodAndNamed(string text, string unknown)
    {
        var tokens = new WordsTokenizer(Named, English).Encode(text);

        Assert.Equal(unknown.Split(' ', StringSplitOptions.RemoveEmptyEntries), tokens.UnknownWords);
        Assert.False(tokens.IsUnderstood);
    }

    [Fact]
    public void Encode_ForeignWordAmongKnownOnes_IsOneUnknownWord()
    {
        var tokens = new WordsTokenizer(Named, English).Encode("a жёлтая duck \u2605");

        Assert.Equal([1, 3, 2, 5, 2, 0], tokens.Ids);
        Assert.Equal(["жёлтая", "\u2605"], tokens.UnknownWords);
        Assert.True(tokens.IsUnderstood);
    }

    [Theory]
    [InlineData("dück")]
    [InlineData("du\u0308ck")]
    public void Encode_AccentsThatTheListLacks_AreLeftOut(string text) => Assert.Equal([1, 5, 0, 0, 0, 0], new WordsTokenizer(Options).Encode(text).Ids);

    [Fact]
    public void Encode_LetterAndAccentApart_AreTheListedLetter() =>
        Assert.Equal([1, 3, 0, 0, 0, 0], new WordsTokenizer(Options with { Words = ["jalape\u00F1o", "jalapeno"] }).Encode("jalapen\u0303o").Ids);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Encode_NoText_IsUnderstood(string text) => Assert.True(new WordsTokenizer(Named, English).Encode(text).IsUnderstood);

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

        File.WriteAllText(folder["language.json"], """{"language": "English", "function_words": [], "emoji": {"🦆": "duck"}}""");

        Assert.Equal([1, 1, 3, 0], TokenizerLoader.Load(folder.Path).Encode("\U0001F986").Ids.Take(4));
    }
}
