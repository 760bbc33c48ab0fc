using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Models;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Models;

/// <summary>What every catalog does.</summary>
public abstract class ModelCatalogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IModelCatalog Catalog { get; }

    [Fact]
    public async Task PublishAsync_ThenFind_ReturnsTheSame()
    {
        await Catalog.PublishAsync(TestModels.Sticker, Cancellation);

        var found = (await Catalog.FindAsync("sticker", Cancellation))!;
        Assert.Equal(TestModels.Sticker.Sizes, found.Sizes);
        Assert.Equal(TestModels.Sticker.Guidance, found.Guidance);
        Assert.Equal(TestModels.Sticker.Kinds, found.Kinds);
        Assert.NotEqual(default, found.PublishedAt);
        Assert.Null(await Catalog.FindAsync("other", Cancellation));
        Assert.Null(await Catalog.FindAsync("../models/sticker", Cancellation));
    }

    [Fact]
    public async Task PublishAsync_Again_Replaces()
    {
        await Catalog.PublishAsync(TestModels.Sticker, Cancellation);
        await Catalog.PublishAsync(TestModels.Sticker with { Description = "new" }, Cancellation);

        Assert.Equal("new", Assert.Single(await Catalog.ListAsync(Cancellation)).Description);
    }

    [Fact]
    public async Task FindDefaultAsync_SeveralModels_PrefersTheMarkedOne()
    {
        Assert.Null(await Catalog.FindDefaultAsync(Cancellation));

        await Catalog.PublishAsync(TestModels.Sticker with { Name = "b", IsDefault = false }, Cancellation);
        await Catalog.PublishAsync(TestModels.Sticker with { Name = "a", IsDefault = false }, Cancellation);
        Assert.Equal("a", (await Catalog.FindDefaultAsync(Cancellation))!.Name);

        await Catalog.PublishAsync(TestModels.Sticker with { Name = "b" }, Cancellation);
        Assert.Equal("b", (await Catalog.FindDefaultAsync(Cancellation))!.Name);
        Assert.Equal(["a", "b"], (await Catalog.ListAsync(Cancellation)).Select(model => model.Name));
    }

    [Fact]
    public async Task PublishVocabularyAsync_ThenFind_ReturnsTheLatest()
    {
        Assert.Null(await Catalog.FindVocabularyAsync("sticker", Cancellation));

        await Catalog.PublishVocabularyAsync("sticker", "old"u8.ToArray(), Cancellation);
        await Catalog.PublishVocabularyAsync("sticker", "new"u8.ToArray(), Cancellation);

        Assert.Equal("new"u8.ToArray(), (await Catalog.FindVocabularyAsync("sticker", Cancellation))!.Value.ToArray());
        Assert.Null(await Catalog.FindVocabularyAsync("../sticker", Cancellation));
        Assert.Empty(await Catalog.ListAsync(Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Catalog.PublishVocabularyAsync("../x", "new"u8.ToArray(), Cancellation));
    }

    [Fact]
    public async Task PublishAsync_Invalid_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Catalog.PublishAsync(TestModels.Sticker with { Name = "../x" }, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Catalog.PublishAsync(TestModels.Sticker with { Sizes = [] }, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Catalog.PublishAsync(TestModels.Sticker with { Kinds = [] }, Cancellation));

        Assert.Empty(await Catalog.ListAsync(Cancellation));
    }
}

public sealed class InMemoryModelCatalogTests : ModelCatalogTests
{
    protected override IModelCatalog Catalog { get; } = new InMemoryModelCatalog();
}

public sealed class StoredModelCatalogTests : ModelCatalogTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public StoredModelCatalogTests()
    {
        _store = FolderArtifactStore.OpenOwned(_folder.Path);
        Catalog = new StoredModelCatalog(_store);
    }

    protected override IModelCatalog Catalog { get; }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }
}
