using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Emu.Pipeline.Uploads;

/// <summary>A blob container as upload container. A prompt is in a blob's metadata under <c>prompt</c>, percent-encoded UTF-8.</summary>
public sealed class BlobUploadContainer(BlobContainerClient container) : IUploadContainer
{
    /// <summary>The metadata key of a prompt.</summary>
    public const string PromptKey = "prompt";

    private const string FolderKey = "hdi_isfolder";

    /// <inheritdoc/>
    public string Name => container.Name;

    /// <inheritdoc/>
    public bool ShowsUnfinishedFiles => false;

    /// <inheritdoc/>
    public async IAsyncEnumerable<UploadedFile> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix: null, cancellationToken))
        {
            if (!IsFolder(blob.Metadata))
            {
                yield return Describe(blob.Name, blob.Properties.ETag!.Value, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified!.Value, blob.Metadata);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<UploadedFile?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var properties = (await container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return IsFolder(properties.Metadata) ? null : Describe(name, properties.ETag, properties.ContentLength, properties.LastModified, properties.Metadata);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(UploadedFile file, long maximumLength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length > maximumLength)
        {
            return null;
        }

        try
        {
            var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(file.ETag) } };
            return (await container.GetBlobClient(file.Name).DownloadContentAsync(options, cancellationToken)).Value.Content.ToArray();
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string name, string contentType, Stream content, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } };
        await container.GetBlobClient(name).UploadAsync(content, options, cancellationToken);
    }

    // Storage with a hierarchy lists its folders as empty blobs.
    private static bool IsFolder(IDictionary<string, string>? metadata) =>
        metadata?.Any(pair => pair.Key.Equals(FolderKey, StringComparison.OrdinalIgnoreCase) && pair.Value.Equals("true", StringComparison.OrdinalIgnoreCase)) ?? false;

    private static UploadedFile Describe(string name, ETag etag, long length, DateTimeOffset modified, IDictionary<string, string>? metadata)
    {
        var prompt = metadata?.FirstOrDefault(pair => pair.Key.Equals(PromptKey, StringComparison.OrdinalIgnoreCase)).Value;

        // A listing gives ETags without quotation marks, the properties of one blob with them.
        return new UploadedFile(name, etag.ToString().Trim('"'), length, modified, prompt is null ? null : Uri.UnescapeDataString(prompt));
    }
}
