using System.Runtime.CompilerServices;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Emu.Pipeline.Artifacts.Blob;

/// <summary>Artifacts as block blobs in one container of Azure Blob Storage, or of Azurite.</summary>
/// <remarks>The service orders names by their UTF-8 bytes, which is ordinal order for all but characters beyond the basic plane.</remarks>
public sealed class BlobArtifactStore(BlobContainerClient container) : IArtifactStore
{
    /// <summary>The container.</summary>
    public BlobContainerClient Container => container;

    /// <summary>Opens a container (made if it is not there).</summary>
    /// <param name="storage">A connection string, or the account's blob address, signed in to with the environment's identity.</param>
    /// <param name="containerName">The container's name.</param>
    /// <param name="options">The client's options: retries, time-outs, transport.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException"><paramref name="storage"/> is neither.</exception>
    /// <exception cref="ArtifactStoreException">The storage does not answer or refuses.</exception>
    public static async Task<BlobArtifactStore> OpenAsync(string storage, string containerName, BlobClientOptions? options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(storage);
        var container = Connect(storage, options).GetBlobContainerClient(containerName);
        await Translated(() => container.CreateIfNotExistsAsync(cancellationToken: cancellationToken));
        return new BlobArtifactStore(container);
    }

    /// <summary>Whether a container is there. Makes nothing.</summary>
    /// <exception cref="ArgumentException"><paramref name="storage"/> is neither a connection string nor an address.</exception>
    /// <exception cref="ArtifactStoreException">The storage does not answer or refuses.</exception>
    public static async Task<bool> ExistsAsync(string storage, string containerName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(storage);
        var container = Connect(storage, null).GetBlobContainerClient(containerName);
        return await Translated(async () => (await container.ExistsAsync(cancellationToken)).Value);
    }

    /// <summary>Holds the container for this process alone, until the lease is disposed.</summary>
    /// <exception cref="ContainerInUseException">Another server holds it.</exception>
    /// <exception cref="ArtifactStoreException">The storage does not answer or refuses.</exception>
    public Task<BlobContainerLease> HoldAsync(CancellationToken cancellationToken) => BlobContainerLease.AcquireAsync(container, cancellationToken);

    /// <inheritdoc/>
    public async Task<ArtifactInfo?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        try
        {
            var properties = (await Blob(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new ArtifactInfo(name, properties.ContentLength, properties.ETag.ToString(), properties.LastModified);
        }
        catch (RequestFailedException failed) when (failed.Status == 404)
        {
            return null;
        }
        catch (Exception exception) when (BlobErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        try
        {
            // Without modifications allowed, each range is read under the ETag that was opened.
            var stream = await Blob(name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
            return new StoreStream(stream, BlobErrors.Translate);
        }
        catch (RequestFailedException failed) when (failed.Status == 404)
        {
            throw new ArtifactNotFoundException(name);
        }
        catch (Exception exception) when (BlobErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async Task<ArtifactContent?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        try
        {
            var result = (await Blob(name).DownloadContentAsync(cancellationToken)).Value;
            return new ArtifactContent(result.Content.ToMemory(), result.Details.ETag.ToString());
        }
        catch (RequestFailedException failed) when (failed.Status == 404)
        {
            return null;
        }
        catch (Exception exception) when (BlobErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async Task<ArtifactInfo> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArtifactName.Validate(name);
        await using var blocks = new BlockWriteStream(Blob(name), HeadersOf(name));
        await using (var stream = new StoreStream(blocks, BlobErrors.Translate, leaveOpen: true))
        {
            await write(stream, cancellationToken);
        }

        var (info, length) = await Translated(() => blocks.CommitAsync(cancellationToken));
        return new ArtifactInfo(name, length, info.ETag.ToString(), info.LastModified);
    }

    /// <inheritdoc/>
    public Task<ArtifactInfo?> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        UploadAsync(name, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);

    /// <inheritdoc/>
    public Task<ArtifactInfo?> UpdateAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return UploadAsync(name, content, new BlobRequestConditions { IfMatch = new ETag(etag) }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        return await Translated(async () => (await Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken)).Value);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactInfo> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArtifactName.ValidatePrefix(prefix);
        var options = new GetBlobsOptions { Prefix = prefix.Length > 0 ? prefix : null };
        if (startAfter is not null && string.CompareOrdinal(startAfter, prefix) > 0)
        {
            options.StartFrom = startAfter;
        }

        await using var blobs = container.GetBlobsAsync(options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await Translated(async () => await blobs.MoveNextAsync()))
        {
            var blob = blobs.Current;
            // The service begins at StartFrom itself, and one that does not know it begins at the beginning.
            if (startAfter is null || string.CompareOrdinal(blob.Name, startAfter) > 0)
            {
                var properties = blob.Properties;
                yield return new ArtifactInfo(blob.Name, properties.ContentLength ?? 0, properties.ETag?.ToString() ?? "", properties.LastModified ?? default);
            }
        }
    }

    private static BlobServiceClient Connect(string storage, BlobClientOptions? options)
    {
        if (Uri.TryCreate(storage, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps)
        {
            return new BlobServiceClient(address, new DefaultAzureCredential(), options);
        }

        try
        {
            return new BlobServiceClient(storage, options);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException("The storage is neither a connection string nor an https address of a blob account.", nameof(storage), exception);
        }
    }

    private static async Task<T> Translated<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (BlobErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    private static BlobHttpHeaders HeadersOf(string name) => new() { ContentType = MediaTypes.OfName(name) };

    private BlockBlobClient Blob(string name) => container.GetBlockBlobClient(name);

    private async Task<ArtifactInfo?> UploadAsync(string name, ReadOnlyMemory<byte> content, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        try
        {
            using var stream = BinaryData.FromBytes(content).ToStream();
            var options = new BlobUploadOptions { Conditions = conditions, HttpHeaders = HeadersOf(name) };
            var info = (await Blob(name).UploadAsync(stream, options, cancellationToken)).Value;
            return new ArtifactInfo(name, content.Length, info.ETag.ToString(), info.LastModified);
        }
        catch (RequestFailedException failed) when (failed.Status is 412 || (failed.Status == 409 && failed.ErrorCode == BlobErrorCode.BlobAlreadyExists) || (failed.Status == 404 && conditions.IfMatch is not null))
        {
            return null;
        }
        catch (Exception exception) when (BlobErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }
}
