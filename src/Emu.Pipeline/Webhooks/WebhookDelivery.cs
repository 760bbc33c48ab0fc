using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Emu.Pipeline.Webhooks;

/// <summary>One event to one URL, with the attempts that were made to deliver it.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The message's id, sent as <c>webhook-id</c> with every attempt and replay.</summary>
    public required string Id { get; init; }

    /// <summary>The owner of the job.</summary>
    public required string Owner { get; init; }

    /// <summary>The endpoint's id, or <see cref="WebhookTarget.Default"/> for a job's own <c>webhook_url</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The URL it is posted to.</summary>
    public required Uri Url { get; init; }

    /// <summary>The event's type.</summary>
    public required string EventType { get; init; }

    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The exact body, so that every attempt sends the same bytes.</summary>
    public required string Body { get; init; }

    /// <summary>When the event happened, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its state.</summary>
    public required WebhookDeliveryState State { get; init; }

    /// <summary>How often it was replayed on request.</summary>
    public int Replays { get; init; }

    /// <summary>The attempts made, oldest first.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts { get; init; } = [];
}

/// <summary>The state of a delivery.</summary>
public enum WebhookDeliveryState
{
    /// <summary>Not delivered yet: another attempt follows.</summary>
    Pending,

    /// <summary>The receiver responded with 2xx; not sent again unless it is replayed on request.</summary>
    Delivered,

    /// <summary>Given up: a dead letter, kept to be replayed.</summary>
    Dead,
}

/// <summary>One attempt at a delivery.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="StatusCode">The HTTP status of the response, or null if there was none.</param>
/// <param name="Error">Why it failed, or null if it did not.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record WebhookAttempt(DateTimeOffset At, int? StatusCode, string? Error, double Seconds)
{
    /// <summary>Whether the receiver responded with 2xx.</summary>
    public bool Succeeded => StatusCode is >= 200 and < 300 && Error is null;
}

/// <summary>Identifies a delivery, and which of its replays.</summary>
/// <param name="Owner">The job's owner.</param>
/// <param name="Target">An endpoint's id or <see cref="Default"/>.</param>
/// <param name="DeliveryId">The message's id.</param>
/// <param name="Replay">0 for the delivery itself, then 1 for its first replay and so on.</param>
public sealed record WebhookTarget(string Owner, string Target, string DeliveryId, int Replay = 0)
{
    /// <summary>The target of deliveries to a job's own <c>webhook_url</c>, signed with the owner's default secret.</summary>
    public const string Default = "default";

    /// <summary>The orchestration instance that delivers it; the same event for the same target is the same instance.</summary>
    public string InstanceId => Replay == 0 ? $"webhook.{Target}.{DeliveryId}" : $"webhook.{Target}.{DeliveryId}.replay{Replay}";
}

/// <summary>
/// Ids of deliveries: <c>msg_</c>, the event's unix milliseconds (12 hex digits) and 24 hex digits of a SHA-256 over job, event
/// type and target. The same event for the same target has the same id however often it is published.
/// </summary>
public static class WebhookDeliveryId
{
    private const string Prefix = "msg_";
    private const string EventPrefix = "evt_";
    private const int TimeDigits = 12;
    private const int HashDigits = 24;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>The id of an event's delivery to a target.</summary>
    public static string Create(string jobId, string eventType, string target, DateTimeOffset createdAt) => Prefix + Digits($"{jobId}\n{eventType}\n{target}", createdAt);

    /// <summary>The id of an event itself, the same for every target: <c>evt_</c> and digits as in a delivery's id.</summary>
    public static string OfEvent(string jobId, string eventType, DateTimeOffset createdAt) => EventPrefix + Digits($"{jobId}\n{eventType}", createdAt);

    /// <summary>Whether a text has the form of an id.</summary>
    public static bool IsOne(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length == Prefix.Length + TimeDigits + HashDigits
            && id.StartsWith(Prefix, StringComparison.Ordinal)
            && id.AsSpan(Prefix.Length).IndexOfAnyExcept(Hexadecimal) < 0;
    }

    /// <summary>A text that sorts the ids of newer deliveries before those of older ones, in ordinal order.</summary>
    public static string NewestFirst(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var milliseconds = long.Parse(id.AsSpan(Prefix.Length, TimeDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return ((1L << (4 * TimeDigits)) - 1 - milliseconds).ToString("x" + TimeDigits, CultureInfo.InvariantCulture);
    }

    private static string Digits(string identity, DateTimeOffset createdAt) =>
        createdAt.ToUnixTimeMilliseconds().ToString("x" + TimeDigits, CultureInfo.InvariantCulture) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..HashDigits];
}
