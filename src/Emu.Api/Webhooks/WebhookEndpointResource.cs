using Emu.Pipeline.Webhooks;

namespace Emu.Api.Webhooks;

/// <summary>A webhook endpoint as its owner sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>webhook_endpoint</c>.</param>
/// <param name="Url">Where deliveries are posted.</param>
/// <param name="Events">The events it hears of.</param>
/// <param name="Description">What its owner wrote about it.</param>
/// <param name="Status"><c>active</c> or <c>disabled</c>.</param>
/// <param name="DisabledReason">Why it was disabled, if it was.</param>
/// <param name="CreatedAt">When it was made, unix seconds.</param>
/// <param name="Secret">Its secret, <c>whsec_…</c>: only in the answers to creating it and to rotating the secret.</param>
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
