using System.Globalization;
using System.Threading.RateLimiting;
using Emu.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Limits;

/// <summary>Limits how many requests an owner sends: a bucket that fills at a steady rate and holds a burst.</summary>
public sealed class RequestRateLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<string>? _limiter;
    private readonly string _limit;

    /// <summary>Creates a limiter.</summary>
    public RequestRateLimiter(ApiLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limit = limits.RequestBurst.ToString(CultureInfo.InvariantCulture);
        if (limits.RequestsPerSecond > 0)
        {
            var options = new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.RequestBurst,
                TokensPerPeriod = Math.Max(1, limits.RequestsPerSecond / 10),
                ReplenishmentPeriod = limits.RequestsPerSecond >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1d / limits.RequestsPerSecond),
                QueueLimit = 0,
                AutoReplenishment = true,
            };
            _limiter = PartitionedRateLimiter.Create<string, string>(partition => RateLimitPartition.GetTokenBucketLimiter(partition, _ => options));
        }
    }

    /// <summary>Counts a request.</summary>
    /// <param name="context">The request; its answer says how much is left.</param>
    /// <param name="partition">Whose requests are counted together.</param>
    /// <exception cref="ApiException">429, saying when to come back.</exception>
    public void Count(HttpContext context, string partition)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_limiter is null)
        {
            return;
        }

        using var lease = _limiter.AttemptAcquire(partition);
        var headers = context.Response.Headers;
        headers["x-ratelimit-limit-requests"] = _limit;
        headers["x-ratelimit-remaining-requests"] = (_limiter.GetStatistics(partition)?.CurrentAvailablePermits ?? 0).ToString(CultureInfo.InvariantCulture);
        if (!lease.IsAcquired)
        {
            var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var delay) ? delay : TimeSpan.FromSeconds(1);
            throw new ApiException(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", $"Too many requests: {_limit} may come at once. Wait as long as Retry-After says.") { RetryAfter = retryAfter };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter?.Dispose();
}
