using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Artifacts.Folder;

namespace Emu.Local.Hosting;

/// <summary>A store that this process alone writes jobs into: a folder under its lock, or a container under its lease.</summary>
internal sealed class OpenedStore : IAsyncDisposable
{
    private readonly FolderArtifactStore? _folder;
    private readonly BlobContainerLease? _lease;

    private OpenedStore(IArtifactStore store, FolderArtifactStore? folder, BlobContainerLease? lease)
    {
        Store = store;
        _folder = folder;
        _lease = lease;
    }

    /// <summary>The store.</summary>
    public IArtifactStore Store { get; }

    /// <summary>How much room is left, where that can be asked.</summary>
    public IFreeSpace? Space => _folder;

    /// <summary>Cancelled when another server may take the store: then this one must stop.</summary>
    public CancellationToken Lost => _lease?.Lost ?? CancellationToken.None;

    /// <summary>Opens the store.</summary>
    public static async Task<OpenedStore> OpenAsync(JobHostOptions options, CancellationToken cancellationToken)
    {
        if (options.Storage is not { } storage)
        {
            var folder = FolderArtifactStore.OpenOwned(options.StoreFolder, new FolderArtifactStoreOptions { FlushToDisk = options.PowerLossDurability });
            return new OpenedStore(folder, folder, null);
        }

        var blobs = await BlobArtifactStore.OpenAsync(storage, options.Container, null, cancellationToken);
        return new OpenedStore(blobs, null, await blobs.HoldAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _folder?.Dispose();
        if (_lease is not null)
        {
            await _lease.DisposeAsync();
        }
    }
}
