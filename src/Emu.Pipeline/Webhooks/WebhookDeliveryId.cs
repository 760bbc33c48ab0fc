using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Emu.Pipeline.Webhooks;

/// <summary>
/// Ids of deliveries: <c>msg_</c>, the event's unix milliseconds and a hash of what is told to whom. The same event for the same
/// target has the same id however often it is announced.
/// </summary>
public static class WebhookDeliveryId
{
    private const string Prefix = "msg_";
    private const int TimeDigits = 12;
    private const int HashDigits = 24;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Makes an id.</summary>
    public static string Create(string jobId, string eventType, string target, DateTimeOffset createdAt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{jobId}\n{eventType}\n{target}"));
        var milliseconds = createdAt.ToUnixTimeMilliseconds().ToString("x" + TimeDigits, CultureInfo.InvariantCulture);
        return Prefix + milliseconds + Convert.ToHexStringLower(hash)[..HashDigits];
    }

    /// <summary>Whether a text is of the form <see cref="Create"/> gives.</summary>
    public static bool IsOne(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length == Prefix.Length + TimeDigits + HashDigits
            && id.StartsWith(Prefix, StringComparison.Ordinal)
            && id.AsSpan(Prefix.Length).IndexOfAnyExcept(Hexadecimal) < 0;
    }

    /// <summary>A text that sorts newer deliveries before older ones.</summary>
    public static string NewestFirst(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var milliseconds = long.Parse(id.AsSpan(Prefix.Length, TimeDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return ((1L << (4 * TimeDigits)) - 1 - milliseconds).ToString("x" + TimeDigits, CultureInfo.InvariantCulture);
    }
}
