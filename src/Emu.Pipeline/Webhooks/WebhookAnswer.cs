namespace Emu.Pipeline.Webhooks;

/// <summary>What an attempt came to.</summary>
/// <param name="Attempt">The attempt, as it is recorded.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone (429 and 503 only).</param>
public sealed record WebhookAnswer(WebhookAttempt Attempt, TimeSpan? RetryAfter);
