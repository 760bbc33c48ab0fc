using Azure.Storage.Blobs;
using Emu.Functions.Durable;
using Emu.Pipeline.Uploads;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Triggers;

/// <summary>
/// Pictures in the container <c>uploads</c> become videos, those in <c>edits</c> are edited; results land in <c>outputs</c>. Of the two
/// triggers of a container one is disabled by a setting: Event Grid tells about blobs in Azure, polling finds them on Azurite. Whichever
/// comes twice, a claim in the store lets it count once.
/// </summary>
/// <param name="uploads">Handles uploads.</param>
/// <param name="client">Takes the client that handling needs.</param>
public sealed class UploadFunctions(UploadTriggers uploads, FunctionsClient client)
{
    /// <summary>After a container's name: the function that Event Grid calls.</summary>
    public const string Events = "_blob_events";

    /// <summary>After a container's name: the function whose trigger polls.</summary>
    public const string Polled = "_blob_polled";

    private const string Blob = "/{name}";

    /// <summary>Event Grid told about a picture for a video.</summary>
    [Function(UploadPlaceNames.Videos + Events)]
    public Task VideoEventAsync([BlobTrigger(UploadPlaceNames.Videos + Blob, Source = BlobTriggerSource.EventGrid)] BlobClient blob, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        HandleAsync(blob, durable, cancellationToken);

    /// <summary>Polling found a picture for a video.</summary>
    [Function(UploadPlaceNames.Videos + Polled)]
    public Task VideoPolledAsync([BlobTrigger(UploadPlaceNames.Videos + Blob)] BlobClient blob, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        HandleAsync(blob, durable, cancellationToken);

    /// <summary>Event Grid told about a picture to edit.</summary>
    [Function(UploadPlaceNames.Edits + Events)]
    public Task EditEventAsync([BlobTrigger(UploadPlaceNames.Edits + Blob, Source = BlobTriggerSource.EventGrid)] BlobClient blob, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        HandleAsync(blob, durable, cancellationToken);

    /// <summary>Polling found a picture to edit.</summary>
    [Function(UploadPlaceNames.Edits + Polled)]
    public Task EditPolledAsync([BlobTrigger(UploadPlaceNames.Edits + Blob)] BlobClient blob, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        HandleAsync(blob, durable, cancellationToken);

    /// <summary>Every minute: what waited for its text for too long, and what no trigger told about.</summary>
    [Function("uploads_sweep")]
    public Task SweepAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        client.Use(durable);
        return uploads.SweepAsync(cancellationToken);
    }

    private async Task HandleAsync(BlobClient blob, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        client.Use(durable);
        await uploads.HandleAsync(blob.BlobContainerName, blob.Name, cancellationToken);
    }
}
