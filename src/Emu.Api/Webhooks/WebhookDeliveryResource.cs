using Emu.Pipeline.Webhooks;

namespace Emu.Api.Webhooks;

/// <summary>A delivery as its owner sees it.</summary>
/// <param name="Id">The message's id, sent as <c>webhook-id</c>.</param>
/// <param name="Object">Always <c>webhook_delivery</c>.</param>
/// <param name="Type">The event's type.</param>
/// <param name="JobId">The job it is about.</param>
/// <param name="Url">Where it is posted.</param>
/// <param name="Status"><c>pending</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="CreatedAt">When the event happened, unix seconds.</param>
/// <param name="Replays">How often it was replayed by hand.</param>
/// <param name="Attempts">The attempts made, oldest first.</param>
public sealed record WebhookDeliveryResource(
    string Id,
    string Object,
    string Type,
    string JobId,
    string Url,
    string Status,
    long CreatedAt,
    int Replays,
    IReadOnlyList<WebhookAttemptResource> Attempts)
{
    /// <summary>The resource of a delivery.</summary>
    public static WebhookDeliveryResource Of(WebhookDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return new(
            delivery.Id,
            "webhook_delivery",
            delivery.EventType,
            delivery.JobId,
            delivery.Url.AbsoluteUri,
            delivery.State switch { WebhookDeliveryState.Pending => "pending", WebhookDeliveryState.Delivered => "delivered", _ => "dead" },
            delivery.CreatedAt.ToUnixTimeSeconds(),
            delivery.Replays,
            [.. delivery.Attempts.Select(attempt => new WebhookAttemptResource(attempt.At.ToUnixTimeSeconds(), attempt.StatusCode, attempt.Error, attempt.Seconds))]);
    }
}
