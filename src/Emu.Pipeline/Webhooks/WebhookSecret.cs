using System.Security.Cryptography;

namespace Emu.Pipeline.Webhooks;

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
