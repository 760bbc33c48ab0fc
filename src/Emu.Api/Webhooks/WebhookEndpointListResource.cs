namespace Emu.Api.Webhooks;

/// <summary>An owner's webhook endpoints.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The endpoints, oldest first.</param>
public sealed record WebhookEndpointListResource(string Object, IReadOnlyList<WebhookEndpointResource> Data);
