using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Models;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Models;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public ModelCatalogTests() => _store = FolderArtifactStore.OpenOwned(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task PublishAsync_ThenFind_GivesTheSame()
    {
        var catalog = new ModelCatalog(_store);

        await catalog.PublishAsync(TestModels.Sticker, Cancellation);

        var found = (await catalog.FindAsync("sticker", Cancellation))!;
        Assert.Equal(TestModels.Sticker.Sizes, found.Sizes);
        Assert.Equal(TestModels.Sticker.Guidance, found.Guidance);
        Assert.Equal(TestModels.Sticker.Kinds, found.Kinds);
        Assert.Null(await catalog.FindAsync("other", Cancellation));
        Assert.Null(await catalog.FindAsync("../models/sticker", Cancellation));
    }

    [Fact]
    public async Task FindDefaultAsync_SeveralModels_PrefersTheMarkedOne()
    {
        var catalog = new ModelCatalog(_store);
        Assert.Null(await catalog.FindDefaultAsync(Cancellation));

        await catalog.PublishAsync(TestModels.Sticker with { Name = "a", IsDefault = false }, Cancellation);
        Assert.Equal("a", (await catalog.FindDefaultAsync(Cancellation))!.Name);

        await catalog.PublishAsync(TestModels.Sticker with { Name = "b" }, Cancellation);
        Assert.Equal("b", (await catalog.FindDefaultAsync(Cancellation))!.Name);
        Assert.Equal(["a", "b"], (await catalog.ListAsync(Cancellation)).Select(model => model.Name));
    }

    [Fact]
    public async Task PublishAsync_NameThatIsNone_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => new ModelCatalog(_store).PublishAsync(TestModels.Sticker with { Name = "../x" }, Cancellation));
}
