using Emu.Api.Errors;
using Emu.Api.Limits;
using Emu.Api.Tests.Server;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Tests.Limits;

public sealed class RequestRateLimiterTests
{
    private const int Seconds = 100;
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(19)]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(1000)]
    [InlineData(9999)]
    public void Count_MoreRequestsThanTheRate_AcceptsTheRateWithinTwoPercent(int rate)
    {
        const int burst = 10;
        var limiter = new RequestRateLimiter(new ApiLimits { RequestsPerSecond = rate, RequestBurst = burst }, _time);
        Assert.Equal(burst, CountAccepted(limiter, "owner", burst + 5));

        var step = TimeSpan.FromSeconds(1d / rate / 3);
        var accepted = 0;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(Seconds); passed += step)
        {
            _time.Advance(step);
            accepted += CountAccepted(limiter, "owner", 1);
        }

        Assert.InRange(accepted, rate * Seconds * 0.98, rate * Seconds * 1.02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(15)]
    public void Count_AfterRetryAfter_AcceptsOneRequestAndNotBefore(int rate)
    {
        var limiter = new RequestRateLimiter(new ApiLimits { RequestsPerSecond = rate, RequestBurst = 2 }, _time);
        CountAccepted(limiter, "owner", 2);
        var refusal = Assert.Throws<ApiException>(() => limiter.Count(new DefaultHttpContext(), "owner"));
        Assert.Equal(429, refusal.StatusCode);
        Assert.Equal(1d / rate, refusal.RetryAfter!.Value.TotalSeconds, 1e-6);

        _time.Advance(refusal.RetryAfter.Value / 2);
        Assert.Equal(0, CountAccepted(limiter, "owner", 1));
        _time.Advance(refusal.RetryAfter.Value / 2);
        Assert.Equal(1, CountAccepted(limiter, "owner", 2));
    }

    [Fact]
    public void Count_AfterALongPause_AcceptsTheBurstAndNoMore()
    {
        var limiter = new RequestRateLimiter(new ApiLimits { RequestsPerSecond = 15, RequestBurst = 40 }, _time);
        CountAccepted(limiter, "owner", 50);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(40, CountAccepted(limiter, "owner", 100));
    }

    [Fact]
    public void Count_TwoPartitions_AreIndependent()
    {
        var limiter = new RequestRateLimiter(new ApiLimits { RequestsPerSecond = 1, RequestBurst = 3 }, _time);
        Assert.Equal(3, CountAccepted(limiter, "anna", 5));
        Assert.Equal(3, CountAccepted(limiter, "berta", 5));
    }

    [Fact]
    public void Count_AcceptedRequest_ShowsLimitAndRemainingRequests()
    {
        var limiter = new RequestRateLimiter(new ApiLimits { RequestsPerSecond = 1, RequestBurst = 3 }, _time);
        var context = new DefaultHttpContext();
        limiter.Count(context, "owner");
        Assert.Equal("3", context.Response.Headers["x-ratelimit-limit-requests"]);
        Assert.Equal("2", context.Response.Headers["x-ratelimit-remaining-requests"]);
    }

    private static int CountAccepted(RequestRateLimiter limiter, string partition, int requests)
    {
        var accepted = 0;
        for (var request = 0; request < requests; request++)
        {
            try
            {
                limiter.Count(new DefaultHttpContext(), partition);
                accepted++;
            }
            catch (ApiException exception) when (exception.StatusCode == 429)
            {
            }
        }

        return accepted;
    }
}
