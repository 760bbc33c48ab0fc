namespace Emu.Pipeline.Webhooks;

/// <summary>What an attempt leaves to do.</summary>
/// <param name="Ended">Whether the delivery has ended: delivered, or a dead letter.</param>
/// <param name="RetryAfter">Seconds the receiver asked to be left alone, if it did.</param>
public sealed record WebhookAttemptResult(bool Ended, double? RetryAfter);
