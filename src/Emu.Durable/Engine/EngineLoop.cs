using System.Collections.Concurrent;
using Emu.Durable.Activities;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Engine;

/// <summary>
/// The engine's thread. It takes the signals that have come in, stores what follows from all of them in one transaction,
/// and only then lets the world see it.
/// </summary>
internal sealed class EngineLoop(Func<EngineState> open, ILogger logger) : IDisposable
{
    private const int MaximumSignals = 512;
    private const int MaximumTurns = 2_048;

    /// <summary>The longest sleep while a timer is set: the clock may be changed, or the machine wake from suspension.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<ISignal> signals = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Backlog backlog = new();
    private List<ISignal> batch = [];
    private bool recoverTurns = true;
    private bool isWhole;
    private int commits;

    /// <summary>Ends when the engine has ended; fails if it had to.</summary>
    public Task Completion => ended.Task;

    /// <summary>Ends when the engine is stopping and no activity runs.</summary>
    public Task Idle => idle.Task;

    /// <summary>What tests interfere with.</summary>
    public EngineHooks Hooks { get; init; } = new();

    /// <summary>Opens the database and begins.</summary>
    public Task StartAsync()
    {
        // Unsafe: the caller's context (its trace span, say) must not become that of every activity.
        new Thread(Run) { IsBackground = true, Name = "emu-durable" }.UnsafeStart();
        return started.Task;
    }

    /// <summary>Hands in a signal, on any thread.</summary>
    public void Post(ISignal signal)
    {
        try
        {
            signals.Add(signal);
        }
        catch (InvalidOperationException)
        {
            signal.Abandoned(Stopped());
        }
    }

    /// <summary>Stops activities; <see cref="Idle"/> tells when they have.</summary>
    public void StopActivities() => Post(new StopActivities());

    /// <summary>Ends the thread once it has stored what has come in.</summary>
    public void End() => signals.CompleteAdding();

    public void Dispose() => signals.Dispose();

    private static InvalidOperationException Stopped() => new("The durable engine has stopped.");

    private void Run()
    {
        EngineState? state = null;
        Exception? fault = null;
        try
        {
            state = open();
            Hooks.Opened?.Invoke(state.Database.Connection);
            using var alarm = state.Options.Time.CreateTimer(_ => Post(new Wake()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var activities = Recovery.Run(state);
            logger.EngineStarted(state.Options.DataFolder ?? "memory", state.Waiters.Unfinished, activities);
            started.SetResult();
            while (Gather(state, alarm) && Process(state))
            {
            }
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

    private void Close(EngineState? state, Exception? fault)
    {
        signals.CompleteAdding();
        var rejection = fault ?? Stopped();
        foreach (var signal in batch.Concat(signals.GetConsumingEnumerable()))
        {
            signal.Abandoned(rejection);
        }

        state?.Queue.Stop();
        state?.Waiters.Fail(rejection);
        try
        {
            state?.Dispose();
        }
        catch (SqliteException exception)
        {
            fault ??= exception;
        }

        idle.TrySetResult();
        if (fault is null)
        {
            ended.TrySetResult();
            logger.EngineStopped();
            return;
        }

        if (!started.TrySetException(fault))
        {
            logger.EngineFaulted(fault);
        }

        ended.TrySetException(fault);
        _ = ended.Task.Exception;
    }

    /// <summary>Waits until there is something to do.</summary>
    /// <returns>False once the engine shall end and everything that came in is done.</returns>
    private bool Gather(EngineState state, ITimer alarm)
    {
        var mustWait = backlog.IsFailing || !(state.Instances.HasTurns || recoverTurns);
        if (mustWait && signals.TryTake(out var first, Sleep(state, alarm)))
        {
            batch.Add(first);
        }

        if (batch.Count == 0 && signals.IsCompleted)
        {
            return false;
        }

        isWhole = !backlog.IsFailing || backlog.IsDue;
        if (isWhole)
        {
            backlog.TakeInto(batch);
        }

        while (batch.Count < MaximumSignals && signals.TryTake(out var signal))
        {
            batch.Add(signal);
        }

        foreach (var (row, task) in state.Timers.TakeDue(state.Options.Time.GetUtcNow().UtcTicks))
        {
            batch.Add(new TimerDue(row, task));
        }

        return true;
    }

    private int Sleep(EngineState state, ITimer alarm)
    {
        if (state.Timers.NextDue is not { } due)
        {
            return backlog.UntilDue;
        }

        var wait = TimeSpan.FromTicks(Math.Max(0, due - state.Options.Time.GetUtcNow().UtcTicks));
        if (state.Options.Time != TimeProvider.System)
        {
            // Another clock goes at its own pace: it has to say when the time has come.
            alarm.Change(TimeSpan.FromTicks(Math.Min(wait.Ticks, TimeSpan.TicksPerDay)), Timeout.InfiniteTimeSpan);
        }

        // Rounded up: a timer never fires early.
        var untilDue = (int)Math.Ceiling(Math.Min(wait.TotalMilliseconds, LongestSleep.TotalMilliseconds));
        return backlog.IsFailing ? Math.Min(untilDue, backlog.UntilDue) : untilDue;
    }

    /// <returns>False if the thread shall end at once.</returns>
    private bool Process(EngineState state)
    {
        List<WorkItem> planned = [];
        if (batch.Count == 0 && !isWhole)
        {
            return true;
        }

        try
        {
            state.Database.Begin();
            if (recoverTurns && isWhole)
            {
                state.Instances.RecoverTurns();
                recoverTurns = false;
            }

            foreach (var signal in batch)
            {
                signal.Apply(state);
            }

            state.Run(MaximumTurns);
            planned = state.Queue.Take();
            foreach (var item in planned)
            {
                state.History.SetDeliveries(item.Row, item.Sequence, ++item.Deliveries);
            }

            state.Instances.Flush();
            state.Database.Commit();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is not (SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB))
        {
            RollBack(state, planned, exception);
            return true;
        }

        if (isWhole)
        {
            backlog.Succeeded();
        }

        if (++commits == Hooks.DieAfterCommits)
        {
            return false;
        }

        Commit(state, planned);
        return true;
    }

    private void Commit(EngineState state, List<WorkItem> planned)
    {
        state.Committed();
        state.Queue.Committed(planned);
        var done = batch;
        batch = [];
        foreach (var signal in done)
        {
            signal.Committed(state);
        }

        if (state.Queue.IsStopping && state.Queue.RunningCount == 0)
        {
            idle.TrySetResult();
        }
    }

    private void RollBack(EngineState state, List<WorkItem> planned, SqliteException exception)
    {
        state.Database.Rollback();
        planned.ForEach(item => item.Deliveries--);
        state.Queue.RolledBack(planned);
        state.RolledBack();
        recoverTurns = true;
        var error = new DurableStoreException($"The durable engine's database could not be written: {exception.Message}", exception);
        backlog.Park(batch.Where(signal => !signal.RolledBack(state, error)));
        batch = [];
        if (isWhole)
        {
            logger.CommitFailed(exception, backlog.Failed());
        }
    }
}
