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
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);

    /// <summary>The longest sleep while a timer is set: the clock may be changed, or the machine wake from suspension.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<ISignal> signals = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<ISignal> batch = [];
    private TimeSpan retry;
    private bool recoverTurns = true;
    private volatile bool stopping;
    private int commits;

    /// <summary>Ends when the engine has ended; fails if it had to.</summary>
    public Task Completion => ended.Task;

    /// <summary>Ends when the engine is stopping and no activity runs.</summary>
    public Task Idle => idle.Task;

    /// <summary>For tests: the thread ends, as if the process had died, right after so many transactions.</summary>
    public int? DieAfterCommits { get; init; }

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
            signal.Rejected(Stopped());
        }
    }

    /// <summary>Stops activities; <see cref="Idle"/> tells when they have.</summary>
    public void StopActivities()
    {
        stopping = true;
        Post(new StopActivities());
    }

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
            var activities = Recovery.Run(state);
            logger.EngineStarted(state.Options.DataFolder ?? "memory", state.Waiters.Unfinished, activities);
            started.SetResult();
            while (Gather(state))
            {
                if (!Process(state))
                {
                    break;
                }
            }
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
            signal.Rejected(rejection);
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
    private bool Gather(EngineState state)
    {
        var mustWait = batch.Count == 0 && !state.Instances.HasTurns && !recoverTurns;
        if (mustWait && signals.TryTake(out var first, Sleep(state)))
        {
            batch.Add(first);
        }

        if (batch.Count == 0 && signals.IsCompleted)
        {
            return false;
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

    private static int Sleep(EngineState state)
    {
        if (state.Timers.NextDue is not { } due)
        {
            return Timeout.Infinite;
        }

        // Rounded up: a timer never fires early.
        var wait = TimeSpan.FromTicks(Math.Max(0, due - state.Options.Time.GetUtcNow().UtcTicks));
        return (int)Math.Ceiling(Math.Min(wait.TotalMilliseconds, LongestSleep.TotalMilliseconds));
    }

    /// <returns>False if the thread shall end at once.</returns>
    private bool Process(EngineState state)
    {
        List<WorkItem> planned = [];
        try
        {
            state.Database.Begin();
            if (recoverTurns)
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
            return !signals.IsAddingCompleted;
        }

        retry = TimeSpan.Zero;
        if (++commits == DieAfterCommits)
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

        if (stopping && state.Queue.RunningCount == 0)
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
        batch.RemoveAll(signal => signal.Rejected(error));
        retry = retry == TimeSpan.Zero ? FirstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LastRetry.Ticks));
        logger.CommitFailed(exception, retry);
        Thread.Sleep(retry);
    }
}
