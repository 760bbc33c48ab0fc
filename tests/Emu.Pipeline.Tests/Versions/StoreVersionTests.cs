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
    public async Task InitializeAsync_NewStore_WritesThisVersion()
    {
        Assert.False(await StoreVersion.CheckAsync(_store, Cancellation));

        await StoreVersion.InitializeAsync(_store, Cancellation);
        await StoreVersion.InitializeAsync(_store, Cancellation);

        Assert.True(await StoreVersion.CheckAsync(_store, Cancellation));
        Assert.Equal($$"""{"version":{{StoreVersion.Current}}}""", await TextAsync());
    }

    [Fact]
    public async Task EveryMember_Newer_IsRefused()
    {
        await WriteAsync("""{"version":9}""");

        var refused = await Assert.ThrowsAsync<StoredDataVersionException>(() => StoreVersion.InitializeAsync(_store, Cancellation));
        await Assert.ThrowsAsync<StoredDataVersionException>(() => StoreVersion.CheckAsync(_store, Cancellation));

        Assert.Equal((9, StoreVersion.Current), (refused.Found, refused.Known));
        Assert.Equal("""{"version":9}""", await TextAsync());
    }

    [Theory]
    [InlineData("""{"version":0}""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    public async Task EveryMember_OlderOrDamaged_IsRefused(string json)
    {
        await WriteAsync(json);

        await Assert.ThrowsAsync<ArtifactStoreException>(() => StoreVersion.InitializeAsync(_store, Cancellation));
        await Assert.ThrowsAsync<ArtifactStoreException>(() => StoreVersion.CheckAsync(_store, Cancellation));

        Assert.Equal(json, await TextAsync());
    }

    private Task<ArtifactInfo> WriteAsync(string json) =>
        _store.WriteAsync("store.json", (stream, token) => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(json), token).AsTask(), Cancellation);

    private async Task<string> TextAsync() => System.Text.Encoding.UTF8.GetString((await _store.ReadAsync("store.json", Cancellation))!.Content.Span);
}
