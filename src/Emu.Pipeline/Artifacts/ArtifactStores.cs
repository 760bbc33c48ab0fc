using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Artifacts.Folder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Artifacts;

/// <summary>Where artifacts are stored: in a folder, or in a blob container if <see cref="Storage"/> is given.</summary>
public sealed record ArtifactStoreOptions
{
    private readonly string _container = "emu";

    /// <summary>The folder; not used with <see cref="Storage"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>A connection string of Azure Blob Storage or Azurite, or the account's https address; null for a folder.</summary>
    public string? Storage { get; init; }

    /// <summary>The blob container; <c>emu</c> by default.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public string Container
    {
        get => _container;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            _container = value;
        }
    }

    /// <summary>
    /// Whether other processes run jobs on the container too, by an engine that they share; false by default, which takes the
    /// container for this process alone. Not with a folder.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>Whether a folder store forces every file to the disk, so that it survives a loss of power; false by default.</summary>
    public bool FlushToDisk { get; init; }
}

/// <summary>
/// An artifact store that this process runs jobs on: alone on a folder under its lock or on a container under its lease, or with
/// others on a shared container. Disposal gives it back.
/// </summary>
public sealed class ArtifactStoreConnection : IAsyncDisposable
{
    private readonly FolderArtifactStore? _folder;
    private readonly IAsyncDisposable? _lease;

    internal ArtifactStoreConnection(FolderArtifactStore folder)
    {
        Store = folder;
        Space = folder;
        _folder = folder;
    }

    internal ArtifactStoreConnection(IArtifactStore store, IAsyncDisposable lease, CancellationToken lost)
    {
        Store = store;
        Lost = lost;
        _lease = lease;
    }

    internal ArtifactStoreConnection(BlobArtifactStore shared)
    {
        Store = shared;
        Shared = shared;
    }

    /// <summary>The store.</summary>
    public IArtifactStore Store { get; }

    /// <summary>The container, if other processes run jobs on it too; else null.</summary>
    public BlobArtifactStore? Shared { get; }

    /// <summary>The free space of the folder's disk; null for a container.</summary>
    public IFreeSpace? Space { get; }

    /// <summary>Cancelled when the container's lease is lost: another server may take it then, so this one must stop.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Opens the store, creating the folder or container if it does not exist.</summary>
    /// <exception cref="ArgumentException">Neither a folder nor a storage is given, or the storage is not valid.</exception>
    /// <exception cref="FolderInUseException">Another process owns the folder.</exception>
    /// <exception cref="ContainerInUseException">Another server holds the container.</exception>
    /// <exception cref="ArtifactStoreException">The folder cannot be created or written, or the storage does not respond or refuses.</exception>
    public static async Task<ArtifactStoreConnection> OpenAsync(ArtifactStoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Storage is null)
        {
            var folder = options.Folder ?? throw new ArgumentException("Neither a folder nor a storage is given.", nameof(options));
            return new ArtifactStoreConnection(FolderArtifactStore.OpenOwned(folder, new FolderArtifactStoreOptions { FlushToDisk = options.FlushToDisk }));
        }

        var blobs = await BlobArtifactStore.OpenAsync(options.Storage, options.Container, null, cancellationToken);
        if (options.IsShared)
        {
            return new ArtifactStoreConnection(blobs);
        }

        var lease = await blobs.HoldAsync(cancellationToken);
        return new ArtifactStoreConnection(blobs, lease, lease.Lost);
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

/// <summary>Adds an artifact store to a host.</summary>
public static class ArtifactStoreServices
{
    /// <summary>
    /// Registers the connection, its store, and its free space if it knows that. The service provider disposes the connection. When
    /// the connection is lost, the host stops, and its <c>StopAsync</c>, and with it <c>RunAsync</c>, throws an
    /// <see cref="ArtifactStoreException"/>.
    /// </summary>
    public static IServiceCollection AddArtifactStore(this IServiceCollection services, ArtifactStoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        // By factories, for the provider does not dispose instances that it is given.
        services
            .AddSingleton(_ => connection)
            .AddSingleton(provider => provider.GetRequiredService<ArtifactStoreConnection>().Store)
            .AddHostedService<ArtifactStoreMonitor>();
        return connection.Space is null ? services : services.AddSingleton(provider => provider.GetRequiredService<ArtifactStoreConnection>().Space!);
    }
}

/// <summary>Stops the host when the store is lost.</summary>
internal sealed class ArtifactStoreMonitor(ArtifactStoreConnection connection, IHostApplicationLifetime lifetime, ILogger<ArtifactStoreMonitor> logger) : IHostedService
{
    private const string Message = "Another server may take the blob container: its lease could not be renewed in time.";

    private CancellationTokenRegistration _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = connection.Lost.Register(() =>
        {
            logger.LogCritical(Message);
            lifetime.StopApplication();
        });
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _registration.DisposeAsync();
        if (connection.Lost.IsCancellationRequested)
        {
            throw new ArtifactStoreException(Message, retryable: false);
        }
    }
}
