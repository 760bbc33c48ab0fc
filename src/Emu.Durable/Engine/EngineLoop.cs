using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Engine;

/// <summary>The engine's thread: it takes the signals that have come in, and the timers that are due, one batch after the other.</summary>
internal sealed class EngineLoop(Func<EngineState> open, EngineHooks hooks, ILogger logger) : IDisposable
{
    private const int MaximumSignals = 512;

    /// <summary>The longest sleep while a timer is set: the clock may be changed, or the machine wake from suspension.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<ISignal> _signals = new();
    private readonly Backlog _backlog = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the engine has ended; fails if it had to.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Ends when the engine is stopping and no activity runs.</summary>
    public Task Idle => _idle.Task;

    /// <summary>What a caller of an engine that has ended is told.</summary>
    public static InvalidOperationException Stopped() => new("The durable engine has stopped.");

    /// <summary>Opens the database and begins.</summary>
    public Task StartAsync()
    {
        // Unsafe: the caller's context (its trace span, say) must not become that of every activity.
        new Thread(Run) { IsBackground = true, Name = "emu-durable" }.UnsafeStart();
        return _started.Task;
    }

    /// <summary>Hands in a signal, on any thread.</summary>
    public void Post(ISignal signal)
    {
        try
        {
            _signals.Add(signal);
        }
        catch (InvalidOperationException)
        {
            signal.Abandoned(Stopped());
        }
    }

    /// <summary>Stops activities; <see cref="Idle"/> tells when they have.</summary>
    public void StopActivities() => Post(new StopActivities());

    /// <summary>Ends the thread once it has stored what has come in.</summary>
    public void End() => _signals.CompleteAdding();

    public void Dispose() => _signals.Dispose();

    private void Run()
    {
        EngineState? state = null;
        Exception? fault = null;
        try
        {
            state = open();
            hooks.Opened?.Invoke(state.Database.Connection);
            var activities = Recovery.Run(state);
            logger.EngineStarted(state.Options.DataFolder ?? "memory", state.Waiters.Unfinished, activities);
            _started.SetResult();
            Work(state);
        }
        catch (SqliteException exception)
        {
            fault = new DurableStoreException($"The durable engine's database cannot be used: {exception.Message}", exception);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        Close(state, fault);
    }

    private void Work(EngineState state)
    {
        using var alarm = state.Options.Time.CreateTimer(_ => Post(new Wake()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var transactions = new Transactions(state, _backlog, hooks, logger);
        var batch = new List<ISignal>();
        try
        {
            while (true)
            {
                batch.Clear();
                Wait(state, transactions, alarm, batch);
                if (batch.Count == 0 && _signals.IsCompleted)
                {
                    return;
                }

                var isWhole = !_backlog.IsFailing || _backlog.IsDue;
                Gather(state, batch, isWhole);
                if (!transactions.Run(batch, isWhole))
                {
                    return;
                }

                if (transactions.IsIdle)
                {
                    _idle.TrySetResult();
                }
            }
        }
        catch (Exception exception)
        {
            batch.ForEach(signal => signal.Abandoned(exception));
            throw;
        }
    }

    /// <summary>Waits until there is something to do, and takes the first signal.</summary>
    private void Wait(EngineState state, Transactions transactions, ITimer alarm, List<ISignal> batch)
    {
        var mustWait = _backlog.IsFailing || !transactions.HasTurns;
        if (mustWait && _signals.TryTake(out var first, Sleep(state, alarm)))
        {
            batch.Add(first);
        }
    }

    private void Gather(EngineState state, List<ISignal> batch, bool isWhole)
    {
        if (isWhole)
        {
            _backlog.TakeInto(batch);
        }

        while (batch.Count < MaximumSignals && _signals.TryTake(out var signal))
        {
            batch.Add(signal);
        }

        foreach (var (row, task) in state.Timers.TakeDue(state.Options.Time.GetUtcNow().UtcTicks))
        {
            batch.Add(new TimerDue(row, task));
        }
    }

    /// <returns>The milliseconds until a timer is due, or what failed is to be tried again.</returns>
    private int Sleep(EngineState state, ITimer alarm)
    {
        if (state.Timers.NextDue is not { } due)
        {
            return _backlog.UntilDue;
        }

        var wait = TimeSpan.FromTicks(Math.Max(0, due - state.Options.Time.GetUtcNow().UtcTicks));
        if (state.Options.Time != TimeProvider.System)
        {
            // Another clock goes at its own pace: it has to say when the time has come.
            alarm.Change(TimeSpan.FromTicks(Math.Min(wait.Ticks, TimeSpan.TicksPerDay)), Timeout.InfiniteTimeSpan);
        }

        // Rounded up: a timer never fires early.
        var untilDue = (int)Math.Ceiling(Math.Min(wait.TotalMilliseconds, LongestSleep.TotalMilliseconds));
        return _backlog.IsFailing ? Math.Min(untilDue, _backlog.UntilDue) : untilDue;
    }

    private void Close(EngineState? state, Exception? fault)
    {
        _signals.CompleteAdding();
        var reason = fault ?? Stopped();
        foreach (var signal in _signals.GetConsumingEnumerable())
        {
            signal.Abandoned(reason);
        }

        state?.Queue.Stop();
        state?.Waiters.Fail(reason);
        try
        {
            state?.Dispose();
        }
        catch (Exception exception)
        {
            // The thread's last words: an exception from here would end the process.
            fault ??= exception;
        }

        _idle.TrySetResult();
        if (fault is null)
        {
            logger.EngineStopped();
            _ended.TrySetResult();
            return;
        }

        if (!_started.TrySetException(fault))
        {
            logger.EngineFaulted(fault);
        }

        _ended.TrySetException(fault);
        _ = _ended.Task.Exception;
    }
}
