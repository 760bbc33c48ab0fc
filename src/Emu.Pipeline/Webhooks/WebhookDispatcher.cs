using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Webhooks;

/// <summary>
/// Turns an event into deliveries: one for every active endpoint of the owner that hears of it, and one for the job's own
/// address. Each is an orchestration instance of its own, so a slow receiver holds up nobody. Announcing an event again adds
/// nothing.
/// </summary>
public sealed class WebhookDispatcher(WebhookStore store, IOrchestrationClient orchestrations)
{
    /// <summary>Announces an event.</summary>
    public async Task PublishAsync(WebhookEvent announced, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(announced);
        await foreach (var endpoint in store.ListEndpointsAsync(announced.Owner, cancellationToken))
        {
            if (endpoint.Status == WebhookEndpointStatus.Active && endpoint.Events.Contains(announced.Type))
            {
                await StartAsync(announced, endpoint.Id, endpoint.Url, cancellationToken);
            }
        }

        if (announced.Url is not null)
        {
            await StartAsync(announced, WebhookTarget.Default, announced.Url, cancellationToken);
        }
    }

    /// <summary>Sends an ended delivery again, under the same <c>webhook-id</c> and with the same body.</summary>
    /// <returns>The delivery, pending again; or as it is if it is still pending; null if there is none.</returns>
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

    private async Task StartAsync(WebhookEvent announced, string target, Uri url, CancellationToken cancellationToken)
    {
        var delivery = new WebhookDelivery
        {
            Id = WebhookDeliveryId.Create(announced.JobId, announced.Type, target, announced.At),
            Owner = announced.Owner,
            Target = target,
            Url = url,
            EventType = announced.Type,
            JobId = announced.JobId,
            Body = JsonSerializer.Serialize(new WebhookBody(announced.Type, announced.At, announced.Data), PipelineJson.Options),
            CreatedAt = announced.At,
            State = WebhookDeliveryState.Pending,
        };
        await store.CreateDeliveryAsync(delivery, cancellationToken);
        await StartInstanceAsync(new WebhookTarget(announced.Owner, target, delivery.Id), cancellationToken);
    }

    private Task<bool> StartInstanceAsync(WebhookTarget target, CancellationToken cancellationToken) =>
        orchestrations.StartIfAbsentAsync(OrchestrationNames.Webhook, target.InstanceId, target, cancellationToken);
}

/// <summary>Announces the end of jobs to webhooks.</summary>
public sealed class WebhookJobEndListener(WebhookDispatcher dispatcher) : IJobEndListener
{
    /// <inheritdoc/>
    public Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var completed = job.State == JobState.Completed;
        var (noun, type) = job.Request.Kind switch
        {
            JobKind.Video => ("video", completed ? WebhookEventTypes.VideoCompleted : WebhookEventTypes.VideoFailed),
            JobKind.Image => ("image", completed ? WebhookEventTypes.ImageCompleted : WebhookEventTypes.ImageFailed),
            _ => throw new ArgumentOutOfRangeException(nameof(job), job.Request.Kind, "There is no event for that kind of job."),
        };
        var data = new WebhookJobData(
            job.Id,
            noun,
            completed ? "completed" : "failed",
            job.CreatedAt.ToUnixTimeSeconds(),
            job.EndedAt!.Value.ToUnixTimeSeconds(),
            job.Error,
            job.Request.Metadata);
        var url = job.Request.WebhookUrl is { } text ? new Uri(text) : null;
        var announced = new WebhookEvent(job.Owner, job.Id, type, job.EndedAt.Value, JsonSerializer.SerializeToElement(data, PipelineJson.Options), url);
        return dispatcher.PublishAsync(announced, cancellationToken);
    }
}
