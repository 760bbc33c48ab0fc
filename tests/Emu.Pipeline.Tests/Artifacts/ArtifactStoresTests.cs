using Emu.Conformance.Azurite;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Artifacts.Folder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Tests.Artifacts;

public sealed class ArtifactStoresTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AddArtifactStore_Folder_GivesStoreAndFreeSpaceAndFreesTheFolderWithTheHost()
    {
        var connection = await OpenFolderAsync();
        using (var host = TestHost.Create(null, services => services.AddArtifactStore(connection)))
        {
            await host.StartAsync(Token);

            Assert.Same(connection.Store, host.Services.GetRequiredService<IArtifactStore>());
            Assert.True(host.Services.GetRequiredService<IFreeSpace>().AvailableBytes > 0);
            await Assert.ThrowsAsync<FolderInUseException>(OpenFolderAsync);
            await host.StopAsync(Token);
        }

        await using var again = await OpenFolderAsync();
        Assert.False(again.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task AddArtifactStore_HostNeverStarted_FreesTheFolderToo()
    {
        var connection = await OpenFolderAsync();
        using (var host = TestHost.Create(null, services => services.AddArtifactStore(connection)))
        {
            host.Services.GetRequiredService<IArtifactStore>();
        }

        await using var again = await OpenFolderAsync();
    }

    [Fact]
    public async Task AddArtifactStore_Container_IsHeldForThisHostAlone()
    {
        var options = new ArtifactStoreOptions { Storage = azurite.Connection, Container = "hosted" };
        var connection = await ArtifactStoreConnection.OpenAsync(options, Token);
        using (var host = TestHost.Create(null, services => services.AddArtifactStore(connection)))
        {
            await host.StartAsync(Token);

            Assert.IsType<BlobArtifactStore>(host.Services.GetRequiredService<IArtifactStore>());
            Assert.Null(host.Services.GetService<IFreeSpace>());
            await Assert.ThrowsAsync<ContainerInUseException>(() => ArtifactStoreConnection.OpenAsync(options, Token));
            await host.StopAsync(Token);
        }

        await using var again = await ArtifactStoreConnection.OpenAsync(options, Token);
    }

    [Fact]
    public async Task AddArtifactStore_Lost_StopsTheHostAndSaysWhy()
    {
        using var lost = new CancellationTokenSource();
        var log = new LogRecorder<ArtifactStoreMonitor>();
        var folder = FolderArtifactStore.OpenOwned(_folder.Path);
        var connection = new ArtifactStoreConnection(folder, new Lease(folder), lost.Token);
        using var host = TestHost.Create(null, services => services.AddArtifactStore(connection).AddSingleton<ILogger<ArtifactStoreMonitor>>(log));
        var running = host.RunAsync(Token);
        await TestHost.WaitUntilAsync(() => Task.FromResult(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested));

        await lost.CancelAsync();

        var failed = await Assert.ThrowsAsync<ArtifactStoreException>(() => running);
        Assert.Contains("lease", failed.Message, StringComparison.Ordinal);
        Assert.StartsWith("Critical", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NeitherFolderNorStorage_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ArtifactStoreConnection.OpenAsync(new ArtifactStoreOptions(), Token));

    private Task<ArtifactStoreConnection> OpenFolderAsync() => ArtifactStoreConnection.OpenAsync(new ArtifactStoreOptions { Folder = _folder.Path }, Token);

    private sealed class Lease(FolderArtifactStore folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
