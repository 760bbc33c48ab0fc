namespace Emu.Pipeline.Webhooks;

/// <summary>One attempt at a delivery.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="StatusCode">The HTTP status answered, or null if there was no answer.</param>
/// <param name="Error">Why it failed, or null if it did not.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record WebhookAttempt(DateTimeOffset At, int? StatusCode, string? Error, double Seconds)
{
    /// <summary>Whether the receiver answered with 2xx.</summary>
    public bool Succeeded => StatusCode is >= 200 and < 300 && Error is null;
}
