using System.Globalization;
using Emu.Api.Errors;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Limits;

/// <summary>Limits how many requests an owner sends: a token bucket that fills at exactly the configured rate and holds a burst.</summary>
/// <param name="limits">Rate and burst.</param>
/// <param name="time">The clock.</param>
public sealed class RequestRateLimiter(ApiLimits limits, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private long _fullRemovedAt;

    /// <summary>Counts a request.</summary>
    /// <param name="context">The request; the response's headers say how many more are accepted now.</param>
    /// <param name="partition">The name under which requests are counted together.</param>
    /// <exception cref="ApiException">429, saying when the next request is accepted.</exception>
    public void Count(HttpContext context, string partition)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (limits.RequestsPerSecond == 0)
        {
            return;
        }

        var (isAccepted, tokens) = Take(partition);
        var limit = limits.RequestBurst.ToString(CultureInfo.InvariantCulture);
        var headers = context.Response.Headers;
        headers[ApiHeaders.RateLimit] = limit;
        headers[ApiHeaders.RateLimitRemaining] = ((long)tokens).ToString(CultureInfo.InvariantCulture);
        if (!isAccepted)
        {
            throw new ApiException(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", $"Too many requests: {limit} may come at once. Wait as long as Retry-After says.")
            {
                RetryAfter = TimeSpan.FromSeconds((1 - tokens) / limits.RequestsPerSecond),
            };
        }
    }

    private (bool IsAccepted, double Tokens) Take(string partition)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            RemoveFull(now);
            var tokens = _buckets.TryGetValue(partition, out var bucket) ? TokensAt(now, bucket) : limits.RequestBurst;

            // Waiting exactly as long as Retry-After says must suffice in spite of rounding.
            var isAccepted = tokens >= 1 - 1e-6;
            tokens = isAccepted ? Math.Max(0, tokens - 1) : tokens;
            _buckets[partition] = new Bucket(tokens, now);
            return (isAccepted, tokens);
        }
    }

    private double TokensAt(long now, Bucket bucket) =>
        Math.Min(limits.RequestBurst, bucket.Tokens + (double)(now - bucket.At) / time.TimestampFrequency * limits.RequestsPerSecond);

    /// <summary>A full bucket says nothing, so it need not be kept; partitions named by clients' addresses would otherwise pile up.</summary>
    private void RemoveFull(long now)
    {
        var secondsToFill = (double)limits.RequestBurst / limits.RequestsPerSecond;
        if (time.GetElapsedTime(_fullRemovedAt, now).TotalSeconds < secondsToFill)
        {
            return;
        }

        _fullRemovedAt = now;
        foreach (var (partition, bucket) in _buckets)
        {
            if (TokensAt(now, bucket) >= limits.RequestBurst)
            {
                _buckets.Remove(partition);
            }
        }
    }

    private readonly record struct Bucket(double Tokens, long At);
}
