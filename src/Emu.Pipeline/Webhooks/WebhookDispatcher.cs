using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Webhooks;

/// <summary>
/// Turns an event into deliveries: one for every active endpoint of the owner that subscribes to it, and one for the job's own
/// <c>webhook_url</c>. Each is an orchestration instance of its own, so a slow receiver does not delay the others. Publishing an
/// event again adds nothing.
/// </summary>
public sealed class WebhookDispatcher(WebhookStore store, IOrchestrationClient orchestrations)
{
    /// <summary>Publishes an event.</summary>
    public async Task PublishAsync(WebhookEvent published, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(published);
        await foreach (var endpoint in store.ListEndpointsAsync(published.Owner, cancellationToken))
        {
            if (endpoint.Status == WebhookEndpointStatus.Active && endpoint.Events.Contains(published.Type))
            {
                await StartAsync(published, endpoint.Id, endpoint.Url, cancellationToken);
            }
        }

        if (published.Url is not null)
        {
            await StartAsync(published, WebhookTarget.Default, published.Url, cancellationToken);
        }
    }

    /// <summary>Sends an ended delivery again, under the same <c>webhook-id</c> and with the same body.</summary>
    /// <returns>The delivery, pending again; unchanged if it was still pending; null if there is none.</returns>
    public async Task<WebhookDelivery?> ReplayAsync(string owner, string target, string deliveryId, CancellationToken cancellationToken)
    {
        if (await store.FindDeliveryAsync(owner, target, deliveryId, cancellationToken) is null)
        {
            return null;
        }

        var delivery = await store.UpdateDeliveryAsync(
            new WebhookTarget(owner, target, deliveryId),
            found => found.State == WebhookDeliveryState.Pending ? found : found with { State = WebhookDeliveryState.Pending, Replays = found.Replays + 1 },
            cancellationToken);
        if (delivery is not null)
        {
            await StartInstanceAsync(new WebhookTarget(owner, target, deliveryId, delivery.Replays), cancellationToken);
        }

        return delivery;
    }

    private async Task StartAsync(WebhookEvent published, string target, Uri url, CancellationToken cancellationToken)
    {
        var delivery = new WebhookDelivery
        {
            Id = WebhookDeliveryId.Create(published.JobId, published.Type, target, published.At),
            Owner = published.Owner,
            Target = target,
            Url = url,
            EventType = published.Type,
            JobId = published.JobId,
            Body = JsonSerializer.Serialize(WebhookBody.Of(published), PipelineJson.Options),
            CreatedAt = published.At,
            State = WebhookDeliveryState.Pending,
        };
        await store.CreateDeliveryAsync(delivery, cancellationToken);
        await StartInstanceAsync(new WebhookTarget(published.Owner, target, delivery.Id), cancellationToken);
    }

    private Task<bool> StartInstanceAsync(WebhookTarget target, CancellationToken cancellationToken) =>
        orchestrations.StartIfAbsentAsync(OrchestrationNames.Webhook, target.InstanceId, target, cancellationToken);
}

/// <summary>Publishes the end of jobs to webhooks.</summary>
public sealed class WebhookJobEndListener(WebhookDispatcher dispatcher) : IJobEndListener
{
    /// <inheritdoc/>
    public Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var completed = job.State == JobState.Completed;
        var (kind, type) = job.Request.Kind switch
        {
            JobKind.Video => ("video", completed ? WebhookEventTypes.VideoCompleted : WebhookEventTypes.VideoFailed),
            JobKind.Image => ("image", completed ? WebhookEventTypes.ImageCompleted : WebhookEventTypes.ImageFailed),
            JobKind.Edit => ("edit", completed ? WebhookEventTypes.ImageEdited : WebhookEventTypes.ImageEditFailed),
            _ => throw new ArgumentOutOfRangeException(nameof(job), job.Request.Kind, "There is no event for that kind of job."),
        };
        var data = new WebhookJobData(
            job.Id,
            kind,
            completed ? "completed" : "failed",
            job.CreatedAt.ToUnixTimeSeconds(),
            job.EndedAt!.Value.ToUnixTimeSeconds(),
            job.Error,
            job.Warnings,
            job.Request.Metadata);
        var url = job.Request.WebhookUrl is { } text ? new Uri(text) : null;
        var published = new WebhookEvent(job.Owner, job.Id, type, job.EndedAt.Value, JsonSerializer.SerializeToElement(data, PipelineJson.Options), url);
        return dispatcher.PublishAsync(published, cancellationToken);
    }
}
