using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Emu.Pipeline.Webhooks;

/// <summary>Signatures after Standard Webhooks 1.0.0: <c>v1,</c> and base64 of HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>.</summary>
public static class WebhookSignature
{
    /// <summary>The header with the message's id; the same in every attempt and replay.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the attempt's time in unix seconds.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with the signatures, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>Signs a body with every secret in force, newest first, so that a receiver may hold either during a rotation.</summary>
    /// <param name="id">The message's id; no dots.</param>
    /// <param name="timestamp">The attempt's time.</param>
    /// <param name="body">The exact bytes sent.</param>
    /// <param name="secrets">At least one secret.</param>
    /// <returns>The value of <see cref="SignatureHeader"/>.</returns>
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, IReadOnlyList<WebhookSecret> secrets)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentOutOfRangeException.ThrowIfZero(secrets.Count);

        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp.ToUnixTimeSeconds()}."));
        var signed = new byte[prefix.Length + body.Length];
        prefix.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(prefix.Length));

        var header = new StringBuilder();
        foreach (var secret in secrets)
        {
            header.Append(header.Length == 0 ? "v1," : " v1,").Append(Convert.ToBase64String(HMACSHA256.HashData(secret.Key.Span, signed)));
        }

        return header.ToString();
    }
}

/// <summary>A signing secret as Standard Webhooks writes it: <c>whsec_</c> and base64 of 24 to 64 random bytes.</summary>
public sealed record WebhookSecret
{
    /// <summary>What every secret begins with.</summary>
    public const string Prefix = "whsec_";

    private WebhookSecret(string text, byte[] key)
    {
        Text = text;
        Key = key;
    }

    /// <summary>The secret as it is shown to its owner.</summary>
    public string Text { get; }

    /// <summary>The key for HMAC-SHA256.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>A new secret of 32 random bytes.</summary>
    public static WebhookSecret Create()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return new WebhookSecret(Prefix + Convert.ToBase64String(key), key);
    }

    /// <summary>Reads a secret.</summary>
    /// <exception cref="FormatException">It does not begin with <c>whsec_</c> or is not base64 of 24 to 64 bytes.</exception>
    public static WebhookSecret Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = new byte[64];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || !Convert.TryFromBase64String(text[Prefix.Length..], buffer, out var length)
            || length < 24)
        {
            throw new FormatException("A webhook secret is 'whsec_' followed by base64 of 24 to 64 bytes.");
        }

        return new WebhookSecret(text, buffer[..length]);
    }

    /// <summary>Two secrets are equal when their keys are.</summary>
    public bool Equals(WebhookSecret? other) => other is not null && CryptographicOperations.FixedTimeEquals(Key.Span, other.Key.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(SHA256.HashData(Key.Span));

    /// <summary>Hides the secret, so that no log shows it.</summary>
    public override string ToString() => Prefix + "…";
}

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
