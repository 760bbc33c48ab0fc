using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Activities;
using Emu.Durable.Replay;
using Emu.Durable.Storage;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Engine;

/// <summary>A message to the engine's thread.</summary>
internal interface ISignal
{
    /// <summary>Changes the state, within a transaction. Called again after a rollback, unless <see cref="RolledBack"/> returned true.</summary>
    void Apply(EngineState state);

    /// <summary>The transaction was committed.</summary>
    void Committed(EngineState state)
    {
    }

    /// <summary>The transaction was rolled back.</summary>
    /// <returns>Whether the signal is done; otherwise it is applied again.</returns>
    bool RolledBack(EngineState state, Exception exception) => false;

    /// <summary>The engine ends without processing the signal.</summary>
    void Abandoned(Exception exception)
    {
    }
}

/// <summary>A call that changes something; completes after the commit.</summary>
/// <param name="apply">Makes the change, within a transaction.</param>
internal sealed class Request<T>(Func<EngineState, T> apply) : ISignal
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _completion.Task;

    public void Apply(EngineState state) => _result = apply(state);

    public void Committed(EngineState state) => _completion.TrySetResult(_result);

    public bool RolledBack(EngineState state, Exception exception)
    {
        _completion.TrySetException(exception);
        return true;
    }

    public void Abandoned(Exception exception) => _completion.TrySetException(exception);
}

/// <summary>A call that reads what is stored, after the transaction of its batch, whether that is committed or rolled back.</summary>
/// <param name="read">Reads, outside of transactions.</param>
internal sealed class Query<T>(Func<EngineState, T> read) : ISignal
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    public void Apply(EngineState state)
    {
    }

    public void Committed(EngineState state) => Read(state);

    public bool RolledBack(EngineState state, Exception exception)
    {
        Read(state);
        return true;
    }

    public void Abandoned(Exception exception) => _completion.TrySetException(exception);

    private void Read(EngineState state)
    {
        try
        {
            _completion.TrySetResult(read(state));
        }
        catch (SqliteException exception)
        {
            _completion.TrySetException(new DurableStoreException($"The durable engine's database could not be read: {exception.Message}", exception));
        }
    }
}

/// <summary>An activity has ended.</summary>
internal sealed class ActivityEnded(WorkItem item, ActivityResult result) : ISignal
{
    public void Apply(EngineState state)
    {
        state.Queue.Finish(item);
        if (item.IsDropped || state.Instances.Get(item.Row) is not { Record.HasEnded: false } instance)
        {
            return;
        }

        if (result.IsInterrupted)
        {
            state.History.SetDeliveries(item.Row, item.Sequence, item.Deliveries - 1);
        }
        else if (result.Failure is not null)
        {
            state.AppendFailure(instance, HistoryEventKind.ActivityFailed, item.Task, result.Failure);
        }
        else
        {
            state.Instances.Append(instance, HistoryEventKind.ActivityCompleted, item.Task, data: result.Output);
        }
    }
}

/// <summary>A timer is due.</summary>
internal sealed class TimerDue(long row, int task) : ISignal
{
    public void Apply(EngineState state)
    {
        if (state.Instances.Get(row) is { Record.HasEnded: false } instance)
        {
            state.Instances.Append(instance, HistoryEventKind.TimerFired, task);
        }
    }
}

/// <summary>An instance has awaited a foreign task: its code continued outside of its turns.</summary>
internal sealed class ForeignTaskAwaited(long row) : ISignal
{
    public void Apply(EngineState state)
    {
        if (state.Instances.Get(row) is { Record.HasEnded: false } instance)
        {
            state.End(instance, ExecutionOutcome.Failed(OrchestrationExecution.ForeignTask));
        }
    }
}

/// <summary>Wakes the thread to check the timers.</summary>
internal sealed class Wake : ISignal
{
    public void Apply(EngineState state)
    {
    }
}

/// <summary>Starts no further activity, and cancels the running ones.</summary>
internal sealed class StopActivities : ISignal
{
    public void Apply(EngineState state) => state.AfterCommit(state.Queue.Stop);
}
