namespace Emu.Api.Webhooks;

/// <summary>A page of deliveries.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The deliveries, newest first.</param>
/// <param name="FirstId">The first one's id.</param>
/// <param name="LastId">The last one's id, to be given as <c>after</c> for the next page.</param>
/// <param name="HasMore">Whether there are more.</param>
public sealed record WebhookDeliveryListResource(string Object, IReadOnlyList<WebhookDeliveryResource> Data, string? FirstId, string? LastId, bool HasMore);
