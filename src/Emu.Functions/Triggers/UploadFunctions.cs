using Azure.Storage.Blobs;
using Emu.Functions.Durable;
using Emu.Functions.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Triggers;

/// <summary>
/// Pictures in the container <c>uploads</c> become videos in <c>outputs</c>. One of the two triggers is disabled by a setting: Event
/// Grid tells about blobs in Azure, polling finds them on Azurite. Whichever comes twice, a claim in the store lets it count once.
/// </summary>
/// <param name="uploads">Handles uploads.</param>
/// <param name="client">Takes the client that handling needs.</param>
public sealed class UploadFunctions(UploadTriggers uploads, FunctionsClient client)
{
    /// <summary>The function that Event Grid calls.</summary>
    public const string Events = "uploads_events";

    /// <summary>The function whose trigger polls.</summary>
    public const string Polled = "uploads_polled";

    private const string Path = FunctionsOptions.UploadContainer + "/{name}";

    /// <summary>Event Grid told about a blob.</summary>
    [Function(Events)]
    public Task EventAsync([BlobTrigger(Path, Source = BlobTriggerSource.EventGrid)] BlobClient blob, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        HandleAsync(blob, durable, cancellationToken);

    /// <summary>Polling found a blob.</summary>
    [Function(Polled)]
    public Task PolledAsync([BlobTrigger(Path)] BlobClient blob, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
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
        await uploads.HandleAsync(blob.Name, cancellationToken);
    }
}
