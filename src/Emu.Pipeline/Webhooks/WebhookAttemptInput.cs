namespace Emu.Pipeline.Webhooks;

/// <summary>What <see cref="WebhookAttemptActivity"/> is called with.</summary>
/// <param name="Target">The delivery.</param>
/// <param name="Last">Whether no further attempt follows, so that a failure makes it a dead letter.</param>
public sealed record WebhookAttemptInput(WebhookTarget Target, bool Last);
