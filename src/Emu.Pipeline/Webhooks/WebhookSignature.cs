using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Emu.Pipeline.Webhooks;

/// <summary>Signatures after Standard Webhooks 1.0.0: <c>v1,</c> and base64 of HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>.</summary>
public static class WebhookSignature
{
    /// <summary>The header that names the message; the same over every repetition.</summary>
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
