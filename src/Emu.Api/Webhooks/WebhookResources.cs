using Emu.Pipeline.Webhooks;

namespace Emu.Api.Webhooks;

/// <summary>A webhook endpoint as its owner sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>webhook_endpoint</c>.</param>
/// <param name="Url">Where deliveries are posted.</param>
/// <param name="Events">The events that are delivered to it.</param>
/// <param name="Description">What its owner wrote about it.</param>
/// <param name="Status"><c>active</c> or <c>disabled</c>.</param>
/// <param name="DisabledReason">Why it was disabled, if it was.</param>
/// <param name="CreatedAt">When it was made, unix seconds.</param>
/// <param name="Secret">Its secret, <c>whsec_…</c>: only in the responses to creating it and to rotating the secret.</param>
public sealed record WebhookEndpointResource(
    string Id,
    string Object,
    string Url,
    IReadOnlyList<string> Events,
    string? Description,
    string Status,
    string? DisabledReason,
    long CreatedAt,
    string? Secret)
{
    /// <summary>The resource of an endpoint, without its secret.</summary>
    public static WebhookEndpointResource Of(WebhookEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new(
            endpoint.Id,
            "webhook_endpoint",
            endpoint.Url.AbsoluteUri,
            endpoint.Events,
            endpoint.Description,
            endpoint.Status == WebhookEndpointStatus.Active ? "active" : "disabled",
            endpoint.DisabledReason,
            endpoint.CreatedAt.ToUnixTimeSeconds(),
            null);
    }

    /// <summary>The resource of an endpoint with its newest secret.</summary>
    public static WebhookEndpointResource WithSecret(WebhookEndpoint endpoint) => Of(endpoint) with { Secret = endpoint.Secrets[0].Secret };
}

/// <summary>An owner's webhook endpoints.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The endpoints, oldest first.</param>
public sealed record WebhookEndpointListResource(string Object, IReadOnlyList<WebhookEndpointResource> Data);

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

/// <summary>One attempt at a delivery.</summary>
/// <param name="At">When it began, unix seconds.</param>
/// <param name="StatusCode">The HTTP status of the response, if there was one.</param>
/// <param name="Error">Why it failed, if it did.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record WebhookAttemptResource(long At, int? StatusCode, string? Error, double Seconds);

/// <summary>A page of deliveries.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The deliveries, newest first.</param>
/// <param name="FirstId">The first one's id.</param>
/// <param name="LastId">The last one's id, to be given as <c>after</c> for the next page.</param>
/// <param name="HasMore">Whether there are more.</param>
public sealed record WebhookDeliveryListResource(string Object, IReadOnlyList<WebhookDeliveryResource> Data, string? FirstId, string? LastId, bool HasMore);

/// <summary>The secret that signs deliveries to jobs' own <c>webhook_url</c>.</summary>
/// <param name="Object">Always <c>webhook_secret</c>.</param>
/// <param name="Secret">The secret, <c>whsec_…</c>.</param>
/// <param name="CreatedAt">When it was made, unix seconds.</param>
public sealed record WebhookSecretResource(string Object, string Secret, long CreatedAt);
