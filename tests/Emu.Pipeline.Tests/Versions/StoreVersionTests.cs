using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Versions;

namespace Emu.Pipeline.Tests.Versions;

public sealed class StoreVersionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public StoreVersionTests() => _store = FolderArtifactStore.OpenOwned(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task BringUpToDateAsync_NewStore_GetsThisVersion()
    {
        await new StoreVersion().BringUpToDateAsync(_store, Cancellation);
        await new StoreVersion().BringUpToDateAsync(_store, Cancellation);
        await new StoreVersion().CheckAsync(_store, Cancellation);

        Assert.Equal($$"""{"version":{{StoreVersion.Current}}}""", await TextAsync());
    }

    [Fact]
    public async Task BringUpToDateAsync_Older_TakesEveryStepInOrder()
    {
        await new StoreVersion([], 1).BringUpToDateAsync(_store, Cancellation);
        var steps = new List<int>();

        await new StoreVersion([new Step(2, steps), new Step(1, steps)], 3).BringUpToDateAsync(_store, Cancellation);

        Assert.Equal([1, 2], steps);
        Assert.Equal("""{"version":3}""", await TextAsync());
    }

    [Fact]
    public async Task BringUpToDateAsync_StepFails_StaysWhereItWas()
    {
        await new StoreVersion([], 1).BringUpToDateAsync(_store, Cancellation);
        var steps = new List<int>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => new StoreVersion([new Step(1, steps), new Step(2, null)], 3).BringUpToDateAsync(_store, Cancellation));

        Assert.Equal("""{"version":2}""", await TextAsync());
    }

    [Fact]
    public async Task EveryMember_Newer_IsRefused()
    {
        await new StoreVersion([], 9).BringUpToDateAsync(_store, Cancellation);

        var refused = await Assert.ThrowsAsync<StoredDataVersionException>(() => new StoreVersion().BringUpToDateAsync(_store, Cancellation));
        await Assert.ThrowsAsync<StoredDataVersionException>(() => new StoreVersion().CheckAsync(_store, Cancellation));

        Assert.Equal((9, StoreVersion.Current), (refused.Found, refused.Known));
        Assert.Equal("""{"version":9}""", await TextAsync());
    }

    [Fact]
    public async Task EveryMember_OlderOrDamaged_IsRefused()
    {
        await new StoreVersion([], 1).BringUpToDateAsync(_store, Cancellation);
        await Assert.ThrowsAsync<ArtifactStoreException>(() => new StoreVersion([], 2).CheckAsync(_store, Cancellation));
        await Assert.ThrowsAsync<ArtifactStoreException>(() => new StoreVersion([], 2).BringUpToDateAsync(_store, Cancellation));

        await _store.WriteAsync("store.json", (stream, token) => stream.WriteAsync("[]"u8.ToArray(), token).AsTask(), Cancellation);
        await Assert.ThrowsAsync<ArtifactStoreException>(() => new StoreVersion().CheckAsync(_store, Cancellation));
    }

    private async Task<string> TextAsync() => System.Text.Encoding.UTF8.GetString((await _store.ReadAsync("store.json", Cancellation))!.Content.Span);

    private sealed class Step(int from, List<int>? steps) : IStoreUpgrade
    {
        public int From => from;

        public Task ApplyAsync(IArtifactStore store, CancellationToken cancellationToken)
        {
            (steps ?? throw new InvalidOperationException("fails")).Add(from);
            return Task.CompletedTask;
        }
    }
}
