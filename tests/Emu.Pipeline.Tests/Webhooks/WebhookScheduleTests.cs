using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

public sealed class WebhookScheduleTests
{
    [Fact]
    public void DelayAfter_NoJitter_IsThePublishedSchedule()
    {
        var delays = Enumerable.Range(1, WebhookSchedule.MaximumAttempts - 1).Select(attempt => WebhookSchedule.DelayAfter(attempt, 0, null).TotalSeconds);

        Assert.Equal([5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400], delays);
    }

    [Fact]
    public void DelayAfter_FullJitter_IsAFifthLonger() =>
        Assert.Equal(TimeSpan.FromSeconds(6), WebhookSchedule.DelayAfter(1, 1, null));

    [Theory]
    [InlineData(2, 5)]
    [InlineData(60, 60)]
    [InlineData(1_000_000, 86400)]
    public void DelayAfter_RetryAfter_IsHonouredUpToADayAndNeverShortens(int asked, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), WebhookSchedule.DelayAfter(1, 0, TimeSpan.FromSeconds(asked)));

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void DelayAfter_NoSuchAttempt_IsRefused(int attempt) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookSchedule.DelayAfter(attempt, 0, null));
}
