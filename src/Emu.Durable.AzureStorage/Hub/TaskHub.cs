using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Durable.AzureStorage.Hub;

/// <summary>What a hub says about itself, in the blob <c>emu.json</c> beside DurableTask's own description.</summary>
/// <param name="Version">The version of the hub's layout.</param>
/// <param name="Partitions">Into how many queues its orchestrations are split.</param>
internal sealed record TaskHub(int Version, int Partitions)
{
    /// <summary>The layout that this program reads and writes.</summary>
    public const int CurrentVersion = 1;

    private const string Description = "emu.json";
    private const string DurableTaskDescription = "taskhub.json";

    /// <summary>Opens a hub, describing it if it is new.</summary>
    /// <exception cref="DurableDataVersionException">The hub is another program's, or of another version; nothing was changed.</exception>
    /// <exception cref="DurableEngineUnavailableException">The storage does not answer or refuses.</exception>
    public static Task<TaskHub> OpenAsync(BlobServiceClient blobs, AzureStorageEngineOptions options, CancellationToken cancellationToken)
    {
        var container = blobs.GetBlobContainerClient($"{options.TaskHub}-leases");
        return HubErrors.TranslatedAsync(() => OpenAsync(container, options, cancellationToken), cancellationToken);
    }

    /// <summary>Checks an existing hub, and that the storage answers. Nothing is made.</summary>
    /// <returns>The hub, or null if there is none of that name yet.</returns>
    /// <exception cref="DurableDataVersionException">The hub is another program's, or of another version.</exception>
    /// <exception cref="DurableEngineUnavailableException">The storage does not answer or refuses.</exception>
    public static Task<TaskHub?> FindAsync(BlobServiceClient blobs, string name, CancellationToken cancellationToken)
    {
        var container = blobs.GetBlobContainerClient($"{name}-leases");
        return HubErrors.TranslatedAsync(() => FindAsync(container, name, cancellationToken), cancellationToken);
    }

    private static async Task<TaskHub> OpenAsync(BlobContainerClient container, AzureStorageEngineOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(container, options.TaskHub, cancellationToken) is { } found)
            {
                return found;
            }

            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            try
            {
                var hub = new TaskHub(CurrentVersion, options.Partitions);
                var content = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(hub, DurableJson.Options));
                await container.GetBlobClient(Description).UploadAsync(content, new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken);
                return hub;
            }
            catch (RequestFailedException failed) when (failed.Status is 409 or 412)
            {
                // Another process was first: what it wrote counts.
            }
        }
    }

    private static async Task<TaskHub?> FindAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        // Asked first: this program describes a hub before DurableTask does, so a hub without our description is another program's.
        var isMade = await container.GetBlobClient(DurableTaskDescription).ExistsAsync(cancellationToken);
        try
        {
            var content = (await container.GetBlobClient(Description).DownloadContentAsync(cancellationToken)).Value.Content;
            var hub = JsonSerializer.Deserialize<TaskHub>(content, DurableJson.Options);
            return hub is { Version: CurrentVersion, Partitions: >= 1 }
                ? hub
                : throw new DurableDataVersionException($"The task hub '{name}' has version {hub?.Version}; this program reads version {CurrentVersion}. Use the program that made it, or another hub.");
        }
        catch (JsonException exception)
        {
            throw new DurableDataVersionException($"The description of the task hub '{name}' cannot be read ({exception.Message}). Use another hub.");
        }
        catch (RequestFailedException failed) when (failed.Status == 404)
        {
            return isMade ? throw new DurableDataVersionException($"The task hub '{name}' was made by another program. Use another hub.") : null;
        }
    }
}
