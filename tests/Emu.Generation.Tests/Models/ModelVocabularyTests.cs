using Emu.Diffusion.Tokenizers;
using Emu.Generation.Models;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Models;

namespace Emu.Generation.Tests.Models;

public sealed class ModelVocabularyTests(StickerModel model) : IClassFixture<StickerModel>, IAsyncLifetime
{
    private readonly InMemoryModelCatalog _catalog = new();
    private ModelCapabilities _capabilities = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await ModelVocabulary.PublishAsync(_catalog, model.Package, "sticker", isDefault: true, Token);
        _capabilities = (await _catalog.FindAsync("sticker", Token))!;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("утка")]
    [InlineData("بطة صفراء")]
    [InlineData("一只黄色的鸭子")]
    [InlineData("un")]
    [InlineData("...")]
    public async Task ReadAsync_NothingThatTheStickerModelKnows_SaysWhatItKnows(string prompt)
    {
        var reading = await ReadAsync(prompt);

        Assert.False(reading.IsUnderstood);
        Assert.Matches(@"^It knows \d\d,\d{3} English words, for example 'duck', .*, and 1,\d{3} emoji\.$", reading.Hint);
    }

    [Theory]
    [InlineData("🦆")]
    [InlineData("🧿🪬")]
    [InlineData("a 🦆 on blue")]
    [InlineData("👩🏽‍🚒")]
    [InlineData("🇩🇪")]
    [InlineData("")]
    public async Task ReadAsync_WhatTheStickerModelKnows_WarnsOfNothing(string prompt)
    {
        var reading = await ReadAsync(prompt);

        Assert.True(reading.IsUnderstood);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task ReadAsync_PromptWithUnknownWordsAndTooLong_WarnsOfBoth()
    {
        var reading = await ReadAsync("a xylograph жёлтая duck " + string.Join(' ', Enumerable.Repeat("duck", 30)));

        Assert.Equal(
            ["The model does not know 'xylograph', 'жёлтая': they have no effect.", "The prompt is longer than the model reads: its end has no effect."],
            reading.Warnings);
    }

    [Fact]
    public void Language_OfTheStickerModel_NamesEveryEmojiInWordsThatItKnows()
    {
        var tokenizer = Assert.IsType<WordsTokenizer>(TokenizerLoader.Load(Path.Combine(StickerModel.Folder, "tokenizer")));

        Assert.InRange(tokenizer.Language!.Emoji.Count, 1800, 2500);
        Assert.All(tokenizer.Language.Emoji, emoji =>
        {
            var text = tokenizer.Encode(emoji.Key);
            Assert.True(text.IsUnderstood, emoji.Key);
            Assert.Empty(text.UnknownWords);
        });
        Assert.Empty(tokenizer.Encode(string.Join(' ', tokenizer.Language.Examples)).UnknownWords);
    }

    [Fact]
    public async Task ReadAsync_NoVocabulary_CannotTell() =>
        Assert.Null(await new VocabularyPromptReader(_catalog).ReadAsync(_capabilities with { Vocabulary = null }, "утка", Token));

    [Fact]
    public async Task ReadAsync_DamagedVocabulary_NamesTheModel()
    {
        await _catalog.PublishVocabularyAsync("sticker", "{}"u8.ToArray(), Token);

        var damaged = await Assert.ThrowsAsync<ArtifactStoreException>(() => ReadAsync("a duck"));

        Assert.Contains("'sticker'", damaged.Message, StringComparison.Ordinal);
        Assert.False(damaged.Retryable);
    }

    private async Task<PromptReading> ReadAsync(string prompt) => (await new VocabularyPromptReader(_catalog).ReadAsync(_capabilities, prompt, Token))!;
}
