using Microsoft.Net.Http.Headers;

namespace Emu.Api.Routing;

/// <summary>The headers of responses that are not part of HTTP itself, and those that pages of other sites may read.</summary>
public static class ApiHeaders
{
    /// <summary>The request's id, in the log too.</summary>
    public const string RequestId = "x-request-id";

    /// <summary>Whether OpenAI's clients should send the request again.</summary>
    public const string ShouldRetry = "x-should-retry";

    /// <summary>Requests that may come at once.</summary>
    public const string RateLimit = "x-ratelimit-limit-requests";

    /// <summary>Requests that are accepted now.</summary>
    public const string RateLimitRemaining = "x-ratelimit-remaining-requests";

    /// <summary>Says that the response is that of an earlier request with the same idempotency key.</summary>
    public const string IdempotentReplayed = "Idempotent-Replayed";

    /// <summary>The preference of <c>Prefer</c> that was followed.</summary>
    public const string PreferenceApplied = "Preference-Applied";

    /// <summary>Every header of responses that browsers would otherwise hide from pages of other sites.</summary>
    public static IReadOnlyList<string> Exposed { get; } =
    [
        RequestId, ShouldRetry, RateLimit, RateLimitRemaining, IdempotentReplayed, PreferenceApplied,
        HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.Allow, HeaderNames.WWWAuthenticate,
        HeaderNames.ETag, HeaderNames.AcceptRanges, HeaderNames.ContentRange, HeaderNames.ContentDisposition,
        HeaderNames.Date, HeaderNames.XContentTypeOptions,
    ];
}
