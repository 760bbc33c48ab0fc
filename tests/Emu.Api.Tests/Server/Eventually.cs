namespace Emu.Api.Tests.Server;

/// <summary>Waits for conditions instead of fixed times.</summary>
public static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Polls until a condition is true.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="description">What is waited for, for the error message: <c>the job has ended</c>.</param>
    /// <exception cref="TimeoutException">It was not true within two minutes.</exception>
    public static Task TrueAsync(Func<Task<bool>> condition, string description) => TrueAsync(condition, () => description);

    /// <summary>Polls until a condition is true; the description is made when it has not become true.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> description)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Timeout)
            {
                throw new TimeoutException($"It did not come true within {Timeout} that {description()}.");
            }

            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }
}
