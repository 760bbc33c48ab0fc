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
}
