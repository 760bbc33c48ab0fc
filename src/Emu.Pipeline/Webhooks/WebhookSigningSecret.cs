namespace Emu.Pipeline.Webhooks;

/// <summary>A secret as it is stored, with the time it stops signing if it was replaced.</summary>
/// <param name="Secret">The secret's text, <c>whsec_…</c>.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">Until when it signs beside its successor; null for the newest.</param>
public sealed record WebhookSigningSecret(string Secret, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>How long a replaced secret goes on signing beside the new one.</summary>
    public static TimeSpan RotationOverlap { get; } = TimeSpan.FromHours(24);

    /// <summary>A new secret, alone.</summary>
    public static IReadOnlyList<WebhookSigningSecret> First(DateTimeOffset now) => [new(WebhookSecret.Create().Text, now, null)];

    /// <summary>A new secret in front of the ones still in force, which now expire.</summary>
    public static IReadOnlyList<WebhookSigningSecret> Rotate(IReadOnlyList<WebhookSigningSecret> secrets, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        return [.. First(now), .. secrets.Where(secret => secret.SignsAt(now)).Select(secret => secret with { ExpiresAt = secret.ExpiresAt ?? now + RotationOverlap })];
    }

    /// <summary>Whether the secret signs at the given time.</summary>
    public bool SignsAt(DateTimeOffset now) => ExpiresAt is null || now < ExpiresAt;
}
