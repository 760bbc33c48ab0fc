using Emu.Conformance.Azurite;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;

namespace Emu.Pipeline.Tests.Artifacts;

public sealed class BlobArtifactStoreTests(AzuriteServer azurite) : ArtifactStoreContract, IClassFixture<AzuriteServer>
{
    protected override async Task<IArtifactStore> OpenAsync() => await OpenBlobsAsync();

    [Fact]
    public async Task HoldAsync_HeldAlready_IsRefusedUntilReleased()
    {
        var first = await OpenBlobsAsync();
        var second = new BlobArtifactStore(first.Container);

        var lease = await first.HoldAsync(Cancellation);
        var refused = await Assert.ThrowsAsync<ContainerInUseException>(() => second.HoldAsync(Cancellation));
        await lease.DisposeAsync();
        await using var next = await second.HoldAsync(Cancellation);

        Assert.Equal(first.Container.Name, refused.Container);
        Assert.False(next.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task WriteAsync_NameWithAnEnding_HasItsContentType()
    {
        var store = await OpenBlobsAsync();

        await WriteAsync(store, "jobs/a/video.mp4", "x");

        Assert.Equal("video/mp4", (await store.Container.GetBlobClient("jobs/a/video.mp4").GetPropertiesAsync(cancellationToken: Cancellation)).Value.ContentType);
    }

    [Fact]
    public async Task OpenReadAsync_ReplacedMeanwhile_FailsRatherThanMixes()
    {
        var store = await OpenBlobsAsync();
        var first = new byte[9 * 1024 * 1024];
        await store.WriteAsync("big", (stream, token) => stream.WriteAsync(first, token).AsTask(), Cancellation);

        await using var stream = await store.OpenReadAsync("big", Cancellation);
        await stream.ReadExactlyAsync(new byte[1024], Cancellation);
        await WriteAsync(store, "big", "short");

        var mixed = await Assert.ThrowsAsync<ArtifactStoreException>(async () => await stream.CopyToAsync(Stream.Null, Cancellation));
        Assert.Contains("412", mixed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryMember_ConnectionLost_FailsAsRetryable()
    {
        _ = azurite.Connection;
        await using var own = new AzuriteServer();
        await own.InitializeAsync();
        var store = await BlobArtifactStore.OpenAsync(own.Connection, "lost", QuickRetries.Options, Cancellation);
        own.Kill();

        ArtifactStoreException[] failures =
        [
            await Assert.ThrowsAsync<ArtifactStoreException>(() => store.FindAsync("a", Cancellation)),
            await Assert.ThrowsAsync<ArtifactStoreException>(() => store.ReadAsync("a", Cancellation)),
            await Assert.ThrowsAsync<ArtifactStoreException>(() => store.OpenReadAsync("a", Cancellation)),
            await Assert.ThrowsAsync<ArtifactStoreException>(() => store.CreateAsync("a", default, Cancellation)),
            await Assert.ThrowsAsync<ArtifactStoreException>(() => store.DeleteAsync("a", Cancellation)),
            await Assert.ThrowsAsync<ArtifactStoreException>(() => WriteAsync(store, "a", "b")),
            await Assert.ThrowsAsync<ArtifactStoreException>(() => NamesAsync(store, "")),
            await Assert.ThrowsAsync<ArtifactStoreException>(() => store.HoldAsync(Cancellation)),
        ];

        Assert.All(failures, failure => Assert.True(failure.Retryable));
    }

    [Fact]
    public async Task OpenAsync_NoConnectionString_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => BlobArtifactStore.OpenAsync("nonsense", "x", null, Cancellation));

    private Task<BlobArtifactStore> OpenBlobsAsync() =>
        BlobArtifactStore.OpenAsync(azurite.Connection, $"test-{Guid.NewGuid():N}", QuickRetries.Options, Cancellation);
}
