using Emu.Durable.Abstractions;
using Emu.Durable.Activities;
using Emu.Durable.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Engine;

/// <summary>Applies batches of signals, each in one transaction, and makes the effects visible after the commit.</summary>
internal sealed class SignalProcessor(EngineState state, TurnRunner turns, RetryQueue retries, EngineHooks hooks, ILogger logger)
{
    private const int MaximumTurns = 2_048;

    private bool _mustRecoverTurns = true;
    private int _commits;

    /// <summary>Whether instances wait for a turn, so that there is work without signals.</summary>
    public bool HasTurns => _mustRecoverTurns || state.Instances.HasTurns;

    /// <summary>Whether the engine is stopping and no activity runs.</summary>
    public bool IsIdle => state.Queue.IsStopping && state.Queue.RunningCount == 0;

    /// <summary>
    /// Loads the unfinished work at the start: activities without a result, and timers. The first batch recovers the turns.
    /// </summary>
    /// <returns>How many activities run again.</returns>
    public int Recover()
    {
        state.Database.Begin();
        state.Waiters.Started(state.Table.CountUnfinished());
        var activities = 0;
        InstanceRecord? record = null;
        foreach (var (row, item) in state.History.OpenActivities())
        {
            record = record?.Row == row ? record : state.Table.Find(row)!;
            activities += Resume(record, item) ? 1 : 0;
        }

        foreach (var (row, item) in state.History.OpenTimers())
        {
            state.Timers.Add(row, item.Task, item.Value);
        }

        state.Instances.Flush();
        state.Database.Commit();
        state.Committed();
        state.Queue.Committed([]);
        return activities;
    }

    /// <summary>Applies a batch.</summary>
    /// <param name="batch">The signals.</param>
    /// <param name="isFull">Whether the batch includes the signals that failed before; false while those wait for their retry.</param>
    /// <returns>False if the engine must end at once, as a test hook demands.</returns>
    public bool Process(List<ISignal> batch, bool isFull)
    {
        if (batch.Count == 0 && !isFull)
        {
            return true;
        }

        List<WorkItem> taken = [];
        try
        {
            state.Database.Begin();
            Apply(batch, isFull);
            taken = state.Queue.Take();
            taken.ForEach(item => state.History.SetDeliveries(item.Row, item.Sequence, ++item.Deliveries));
            _commits += state.Instances.Flush() > 0 ? 1 : 0;
            state.Database.Commit();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is not (SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB))
        {
            RollBack(batch, taken, isFull, exception);
            return true;
        }

        if (isFull)
        {
            retries.Succeeded();
        }

        if (_commits == hooks.CrashAfterCommits)
        {
            batch.ForEach(signal => signal.Abandoned(EngineLoop.Stopped()));
            return false;
        }

        state.Committed();
        state.Queue.Committed(taken);
        batch.ForEach(signal => signal.Committed(state));
        return true;
    }

    private void Apply(List<ISignal> batch, bool isFull)
    {
        if (_mustRecoverTurns && isFull)
        {
            state.Instances.RecoverTurns();
            _mustRecoverTurns = false;
        }

        batch.ForEach(signal => signal.Apply(state));
        turns.Run(MaximumTurns);
    }

    private void RollBack(List<ISignal> batch, List<WorkItem> taken, bool wasFull, SqliteException exception)
    {
        state.Database.Rollback();
        taken.ForEach(item => item.Deliveries--);
        state.Queue.RolledBack(taken);
        state.RolledBack();
        _mustRecoverTurns = true;
        var error = new DurableStoreException($"The durable engine's database could not be written: {exception.Message}", exception);
        retries.Add(batch.Where(signal => !signal.RolledBack(state, error)));
        if (wasFull)
        {
            logger.CommitFailed(exception, retries.Failed());
        }
    }

    /// <returns>Whether the activity runs again; otherwise its failure is recorded.</returns>
    private bool Resume(InstanceRecord record, HistoryEvent call)
    {
        if (call.Deliveries >= state.Options.MaximumDeliveries)
        {
            var message = $"Activity '{call.Name}' was started {call.Deliveries} times, and each time its process ended before the activity did.";
            state.AppendFailure(state.Instances.Get(record.Row)!, HistoryEventKind.ActivityFailed, call.Task, new ActivityFailure("worker_lost", message, Retryable: false));
            return false;
        }

        if (state.Activities.Find(call.Name!) is null)
        {
            state.AppendFailure(state.Instances.Get(record.Row)!, HistoryEventKind.ActivityFailed, call.Task, state.Activities.NotFound(call.Name!));
            return false;
        }

        state.Queue.Add(new WorkItem(record, call.Task, call.Sequence, call.Name!, (int)call.Value, call.Data!) { Deliveries = call.Deliveries });
        return true;
    }
}

/// <summary>
/// The signals whose transaction was rolled back, and the time of the next retry, with growing delays. Until then new signals
/// are processed without them, so that each caller gets its own result or error.
/// </summary>
internal sealed class RetryQueue
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaximumDelay = TimeSpan.FromSeconds(10);

    private readonly List<ISignal> _signals = [];
    private TimeSpan _delay;
    private long _retryAt;

    /// <summary>Whether the last full batch was rolled back.</summary>
    public bool IsFailing => _delay > TimeSpan.Zero;

    /// <summary>Whether it is time for the retry.</summary>
    public bool IsDue => IsFailing && Environment.TickCount64 >= _retryAt;

    /// <summary>The milliseconds until the retry; infinite if there is none.</summary>
    public int MillisecondsUntilDue => IsFailing ? (int)Math.Clamp(_retryAt - Environment.TickCount64, 0, int.MaxValue) : Timeout.Infinite;

    public void Add(IEnumerable<ISignal> signals) => _signals.AddRange(signals);

    /// <summary>Moves the signals into a batch.</summary>
    public void MoveTo(List<ISignal> batch)
    {
        batch.AddRange(_signals);
        _signals.Clear();
    }

    /// <summary>A full batch was rolled back.</summary>
    /// <returns>The delay until the retry.</returns>
    public TimeSpan Failed()
    {
        _delay = _delay == TimeSpan.Zero ? FirstDelay : TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, MaximumDelay.Ticks));
        _retryAt = Environment.TickCount64 + (long)_delay.TotalMilliseconds;
        return _delay;
    }

    /// <summary>A full batch was committed.</summary>
    public void Succeeded() => _delay = TimeSpan.Zero;
}
