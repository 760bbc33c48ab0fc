namespace Emu.Durable.Abstractions.Engines;

/// <summary>
/// An instance's timers, over those of Durable Task: long ones are chained, and those that are due when one of them fires end in the
/// order of their times. Not thread-safe: used within the instance's turns only.
/// </summary>
/// <param name="create">Creates a timer; the token cancels it.</param>
/// <param name="now">The replay-safe time, UTC.</param>
public sealed class OrderedTimers(Func<DateTime, CancellationToken, Task> create, Func<DateTime> now)
{
    /// <summary>The longest single timer: a queue hides no message for longer than seven days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    private readonly List<Timer> _waiting = [];

    /// <summary>Waits until a time.</summary>
    /// <param name="fireAt">The time, UTC.</param>
    /// <param name="cancellationToken">Cancels the timer and the returned task.</param>
    public async Task WaitAsync(DateTime fireAt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (fireAt - now() > Longest)
        {
            await WaitForOneAsync(now() + Longest, cancellationToken);
        }

        await WaitForOneAsync(fireAt, cancellationToken);
    }

    private async Task WaitForOneAsync(DateTime fireAt, CancellationToken cancellationToken)
    {
        var timer = new Timer(fireAt, new TaskCompletionSource());
        _waiting.Add(timer);
        using var registration = cancellationToken.Register(() =>
        {
            if (_waiting.Remove(timer))
            {
                timer.Ended.SetCanceled(cancellationToken);
            }
        });
        _ = FireAsync(create(fireAt, cancellationToken), fireAt);
        await timer.Ended.Task;
    }

    private async Task FireAsync(Task fired, DateTime fireAt)
    {
        try
        {
            await fired;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // A queue may deliver a little early: the timer's own time has then come all the same, or it would wait for ever.
        var reached = fireAt > now() ? fireAt : now();
        foreach (var due in _waiting.Where(timer => timer.FireAt <= reached).OrderBy(timer => timer.FireAt).ToArray())
        {
            _waiting.Remove(due);
            due.Ended.SetResult();
        }
    }

    private sealed record Timer(DateTime FireAt, TaskCompletionSource Ended);
}
