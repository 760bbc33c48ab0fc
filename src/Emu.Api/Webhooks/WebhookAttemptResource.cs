namespace Emu.Api.Webhooks;

/// <summary>One attempt at a delivery.</summary>
/// <param name="At">When it began, unix seconds.</param>
/// <param name="StatusCode">The HTTP status answered, if there was an answer.</param>
/// <param name="Error">Why it failed, if it did.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record WebhookAttemptResource(long At, int? StatusCode, string? Error, double Seconds);
