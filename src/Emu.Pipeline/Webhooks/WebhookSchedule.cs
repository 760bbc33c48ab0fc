namespace Emu.Pipeline.Webhooks;

/// <summary>When a failed delivery is tried again: the delays Standard Webhooks publishes, with jitter.</summary>
public static class WebhookSchedule
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Attempts in all: the first and one after each delay.</summary>
    public static int MaximumAttempts => Delays.Length + 1;

    /// <summary>The longest a receiver may ask to be left alone by <c>Retry-After</c>.</summary>
    public static TimeSpan LongestRetryAfter { get; } = TimeSpan.FromHours(24);

    /// <summary>The delay after a failed attempt: the published one and up to a fifth more, or what the receiver asked for if that is longer.</summary>
    /// <param name="attempt">The attempt that failed, from 1; less than <see cref="MaximumAttempts"/>.</param>
    /// <param name="jitter">Where in the jitter's range to fall, 0 to 1.</param>
    /// <param name="retryAfter">What the receiver asked for on 429 or 503, if it did.</param>
    public static TimeSpan DelayAfter(int attempt, double jitter, TimeSpan? retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(attempt, MaximumAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        var delay = Delays[attempt - 1] * (1 + (jitter / 5));
        var asked = retryAfter > LongestRetryAfter ? LongestRetryAfter : retryAfter;
        return asked > delay ? asked.Value : delay;
    }
}
