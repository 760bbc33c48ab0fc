using System.Diagnostics;
using Emu.Durable.Abstractions;
using Emu.Durable.Activities;
using Emu.Durable.Replay;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>Runs orchestrations on their new events, and stores the tasks they schedule, within a transaction.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="reportForeignTask">Called, on any thread, with an instance's row when its code continues outside of its turns.</param>
internal sealed class TurnRunner(EngineState state, Action<long> reportForeignTask)
{
    /// <summary>A longer turn is logged: all other instances wait for it.</summary>
    private static readonly TimeSpan SlowTurn = TimeSpan.FromSeconds(1);

    /// <summary>Runs the instances that wait for a turn, and those that wait because of them.</summary>
    /// <param name="maximumTurns">The maximum number of turns: an endless chain of turns must not keep the transaction open.</param>
    public void Run(int maximumTurns)
    {
        for (var turn = 0; turn < maximumTurns && state.Instances.TryTakeTurn(out var instance); turn++)
        {
            if (!instance.Record.HasEnded)
            {
                Run(instance);
            }
        }
    }

    private void Run(LiveInstance instance)
    {
        var record = instance.Record;
        var start = Stopwatch.GetTimestamp();
        if ((instance.Execution ??= Load(record)) is not { } execution)
        {
            state.End(instance, ExecutionOutcome.Failed(state.Orchestrations.VersionNotFound(record.Orchestration, record.Version)));
            return;
        }

        while (execution.Outcome is null && instance.Inbox.TryDequeue(out var item))
        {
            execution.Apply(item);
        }

        if (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed > SlowTurn)
        {
            state.Logger.SlowTurn(record.InstanceId, record.Orchestration, elapsed);
        }

        record.Status = OrchestrationRuntimeStatus.Running;
        record.CustomStatus = execution.Status;
        foreach (var line in execution.TakeLog())
        {
            state.AfterCommit(() => state.Logger.OrchestrationLog(record.InstanceId, line));
        }

        // All scheduled tasks are stored before any of them begins: an immediate failure belongs to the next turn.
        var scheduled = execution.Tasks.TakeScheduled();
        var sequences = scheduled.Select(task => state.Instances.Append(instance, task.Kind, task.Number, task.Cause, task.Value, task.Name, task.Data)).ToArray();
        record.Processed = record.LastSequence;
        state.Instances.Change(instance);
        if (execution.Outcome is { } outcome)
        {
            state.End(instance, outcome);
            return;
        }

        for (var index = 0; index < scheduled.Count; index++)
        {
            Begin(instance, scheduled[index], sequences[index]);
        }

        foreach (var timer in execution.Tasks.TakeCancelledTimers())
        {
            state.AfterCommit(() => state.Timers.Remove(record.Row, timer));
        }
    }

    /// <summary>The orchestration, replayed on the events that it has processed; null if its version is not registered.</summary>
    private OrchestrationExecution? Load(InstanceRecord record)
    {
        if (state.Orchestrations.Find(record.Orchestration, record.Version) is not { } code)
        {
            return null;
        }

        var execution = new OrchestrationExecution(record, code, () => reportForeignTask(record.Row));
        if (record.Processed > 0)
        {
            execution.Replay(state.History.Read(record.Row, 0, record.Processed));
        }

        return execution;
    }

    private void Begin(LiveInstance instance, ScheduledTask task, int sequence)
    {
        var record = instance.Record;
        switch (task.Kind)
        {
            case HistoryEventKind.TimerCreated:
                state.AfterCommit(() => state.Timers.Add(record.Row, task.Number, task.Value));
                break;
            case HistoryEventKind.ChildScheduled:
                StartChild(instance, task.Number, task.Name!, task.Data!, task.ChildInput!);
                break;
            case HistoryEventKind.ActivityScheduled when state.Activities.Find(task.Name!) is null:
                state.AppendFailure(instance, HistoryEventKind.ActivityFailed, task.Number, state.Activities.NotFound(task.Name!));
                break;
            default:
                state.Queue.Add(new WorkItem(record, task.Number, sequence, task.Name!, (int)task.Value, task.Data!));
                break;
        }
    }

    /// <summary>Starts a child, or records for the parent why it cannot be started.</summary>
    private void StartChild(LiveInstance parent, int task, string name, string childId, string input)
    {
        if (!state.Orchestrations.TryGetCurrent(name, out var orchestration))
        {
            state.AppendFailure(parent, HistoryEventKind.ChildFailed, task, state.Orchestrations.NotFound(name));
            return;
        }

        if (state.Instances.Get(childId)?.Record is { } existing)
        {
            // A retry or a loop starts a child again that has ended: as on Durable Task, the new instance replaces it.
            if (existing.Parent != parent.Record.Row || !existing.HasEnded)
            {
                var message = $"The child '{childId}' cannot be started: an instance of that id exists already.";
                state.AppendFailure(parent, HistoryEventKind.ChildFailed, task, new ActivityFailure("instance_exists", message, Retryable: false));
                return;
            }

            state.Delete(existing.Row);
        }

        state.Start(orchestration, childId, input, parent.Record.TraceParent, parent.Record, task);
    }
}
