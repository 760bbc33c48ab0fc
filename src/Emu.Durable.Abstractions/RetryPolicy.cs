namespace Emu.Durable.Abstractions;

/// <summary>How often a failed activity or child is called again. A failure that is not retryable is never called again.</summary>
public sealed record RetryPolicy
{
    /// <summary>Creates a policy.</summary>
    /// <param name="maximumAttempts">Calls in all, the first included; at least 1.</param>
    /// <param name="firstDelay">The delay before the second call; not negative.</param>
    /// <param name="backoffCoefficient">Each further delay is the last one times this; at least 1.</param>
    /// <param name="maximumDelay">No delay is longer; one hour by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RetryPolicy(int maximumAttempts, TimeSpan firstDelay, double backoffCoefficient = 2, TimeSpan? maximumDelay = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1);
        MaximumAttempts = maximumAttempts;
        FirstDelay = firstDelay;
        BackoffCoefficient = backoffCoefficient;
        MaximumDelay = maximumDelay ?? TimeSpan.FromHours(1);
    }

    /// <summary>One call, no retry.</summary>
    public static RetryPolicy None { get; } = new(1, TimeSpan.Zero);

    /// <summary>Calls in all, the first included.</summary>
    public int MaximumAttempts { get; }

    /// <summary>The delay before the second call.</summary>
    public TimeSpan FirstDelay { get; }

    /// <summary>Each further delay is the last one times this.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>No delay is longer.</summary>
    public TimeSpan MaximumDelay { get; }

    /// <summary>The delay after the given failed attempt, counted from 1.</summary>
    public TimeSpan DelayAfter(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var seconds = FirstDelay.TotalSeconds * Math.Pow(BackoffCoefficient, attempt - 1);
        return seconds >= MaximumDelay.TotalSeconds ? MaximumDelay : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Calls until a call succeeds, its failure is not retryable, or the attempts are used up. For engines.</summary>
    /// <param name="call">Makes one call; its argument is the attempt, from 1.</param>
    /// <param name="delay">Waits before the next call, by a durable timer.</param>
    /// <exception cref="ActivityFailedException">The failure of the last call.</exception>
    public async Task<T> RunAsync<T>(Func<int, Task<T>> call, Func<TimeSpan, Task> delay)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(delay);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(attempt);
            }
            catch (ActivityFailedException exception) when (exception.Failure.Retryable && attempt < MaximumAttempts)
            {
                if (DelayAfter(attempt) is var pause && pause > TimeSpan.Zero)
                {
                    await delay(pause);
                }
            }
        }
    }
}
