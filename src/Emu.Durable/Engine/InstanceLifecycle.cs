using Emu.Durable.Abstractions;
using Emu.Durable.Replay;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>How instances begin, end and go, within a transaction.</summary>
internal static class InstanceLifecycle
{
    /// <summary>Stores a new instance; the caller has made sure that its id is free.</summary>
    public static void Start(this EngineState state, IOrchestration orchestration, string instanceId, string input, string? traceParent, InstanceRecord? parent = null, int parentTask = 0)
    {
        var row = state.Table.NextRow();
        var now = state.Options.Time.GetUtcNow();
        var instance = state.Instances.Add(new InstanceRecord
        {
            Row = row,
            InstanceId = instanceId,
            Orchestration = orchestration.Name,
            Version = orchestration.Version,
            Root = parent?.Root ?? row,
            Parent = parent?.Row,
            ParentTask = parentTask,
            TraceParent = traceParent,
            CreatedAt = now,
            UpdatedAt = now,
        });
        state.Instances.Append(instance, (sequence, at) => new HistoryEvent(sequence, HistoryEventKind.Started, at, Name: orchestration.Name, Data: input));
        state.AfterCommit(() => state.Waiters.Started());
    }

    /// <summary>Starts a child, or tells the parent why not.</summary>
    public static void StartChild(this EngineState state, LiveInstance parent, AskedTask asked)
    {
        if (!state.Orchestrations.TryGetCurrent(asked.Name!, out var orchestration))
        {
            state.Answer(parent, HistoryEventKind.ChildFailed, asked.Task, state.Orchestrations.NotFound(asked.Name!));
            return;
        }

        if (state.Instances.Get(asked.Data!)?.Record is { } existing)
        {
            // A child that has ended is called again by a retry, or by a loop: as on Durable Task, the new one takes its place.
            if (existing.Parent != parent.Record.Row || !existing.HasEnded)
            {
                var message = $"The child '{asked.Data}' cannot be started: an instance of that id exists already.";
                state.Answer(parent, HistoryEventKind.ChildFailed, asked.Task, new ActivityFailure("instance_exists", message, Retryable: false));
                return;
            }

            state.Delete(existing.Row);
        }

        state.Start(orchestration, asked.Data!, asked.ChildInput!, parent.Record.TraceParent, parent.Record, asked.Task);
    }

    /// <summary>Records the failure of something the instance asked for.</summary>
    public static void Answer(this EngineState state, LiveInstance instance, HistoryEventKind kind, int task, ActivityFailure failure) =>
        state.Instances.Append(instance, (sequence, at) => new HistoryEvent(sequence, kind, at, task, Data: Payload.Serialize(failure)));

    /// <summary>Ends an instance: its open tasks and children end with it, its parent hears of it.</summary>
    public static void End(this EngineState state, LiveInstance instance, ExecutionOutcome outcome)
    {
        var record = instance.Record;
        var now = state.Options.Time.GetUtcNow();
        record.Status = outcome.Status;
        record.Output = outcome.Output;
        record.Failure = outcome.Failure is null ? null : Payload.Serialize(outcome.Failure);
        record.Processed = record.LastSequence;
        record.UpdatedAt = now > record.UpdatedAt ? now : record.UpdatedAt;
        instance.Inbox.Clear();
        state.Instances.Change(instance);
        state.AfterCommit(() => Ended(state, record, outcome));
        if (outcome.Status != OrchestrationRuntimeStatus.Completed)
        {
            foreach (var row in state.Table.Children(record.Row))
            {
                if (state.Instances.Get(row) is { Record.HasEnded: false } child)
                {
                    state.End(child, ExecutionOutcome.Terminated($"Its parent '{record.InstanceId}' has ended."));
                }
            }
        }

        if (record.Parent is { } parentRow && state.Instances.Get(parentRow) is { Record.HasEnded: false } parent)
        {
            if (outcome.Failure is null)
            {
                state.Instances.Append(parent, (sequence, at) => new HistoryEvent(sequence, HistoryEventKind.ChildCompleted, at, record.ParentTask, Data: outcome.Output));
            }
            else
            {
                state.Answer(parent, HistoryEventKind.ChildFailed, record.ParentTask, outcome.Failure);
            }
        }
    }

    /// <summary>Removes an ended instance with its children, all of which have ended too.</summary>
    public static void Delete(this EngineState state, long row)
    {
        foreach (var child in state.Table.Children(row))
        {
            state.Delete(child);
        }

        state.Instances.Delete(row);
    }

    private static void Ended(EngineState state, InstanceRecord record, ExecutionOutcome outcome)
    {
        state.Queue.Drop(record.Row);
        state.Timers.RemoveAll(record.Row);
        state.Waiters.Ended(EngineState.Status(record));
        if (outcome.Failure is { } failure)
        {
            state.Logger.InstanceFailed(record.InstanceId, record.Status.ToString(), failure.Code, failure.Message);
        }
        else
        {
            state.Logger.InstanceEnded(record.InstanceId, record.Status.ToString());
        }
    }
}
