using Emu.Durable.Activities;
using Emu.Durable.Replay;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>Something that the engine's thread has to take into account.</summary>
internal interface ISignal
{
    /// <summary>Takes it into account, within a transaction; again if that is rolled back and <see cref="RolledBack"/> did not settle it.</summary>
    void Apply(EngineState state);

    /// <summary>The transaction is in.</summary>
    void Committed(EngineState state)
    {
    }

    /// <summary>The transaction was rolled back.</summary>
    /// <returns>Whether the signal is settled by that; otherwise it is applied again.</returns>
    bool RolledBack(EngineState state, Exception exception) => false;

    /// <summary>The engine ends before the signal was taken into account.</summary>
    void Abandoned(Exception exception)
    {
    }
}

/// <summary>An activity has answered.</summary>
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
            state.Answer(instance, HistoryEventKind.ActivityFailed, item.Task, result.Failure);
        }
        else
        {
            state.Instances.Append(instance, (sequence, at) => new HistoryEvent(sequence, HistoryEventKind.ActivityCompleted, at, item.Task, Data: result.Output));
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
            state.Instances.Append(instance, (sequence, at) => new HistoryEvent(sequence, HistoryEventKind.TimerFired, at, task));
        }
    }
}

/// <summary>An instance's code went on outside of its turns.</summary>
internal sealed class ForeignContinuation(long row) : ISignal
{
    public void Apply(EngineState state)
    {
        if (state.Instances.Get(row) is { Record.HasEnded: false } instance)
        {
            state.End(instance, ExecutionOutcome.Failed(OrchestrationExecution.ForeignTask));
        }
    }
}

/// <summary>It is time to look at the timers.</summary>
internal sealed class Wake : ISignal
{
    public void Apply(EngineState state)
    {
    }
}

/// <summary>Nothing more is begun, and what runs is told to stop.</summary>
internal sealed class StopActivities : ISignal
{
    public void Apply(EngineState state) => state.AfterCommit(state.Queue.Stop);
}
