using System.Diagnostics;
using Emu.Durable.Abstractions;
using Emu.Durable.Activities;
using Emu.Durable.Replay;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>Runs orchestrations' code on what has happened, and stores what it asks for, within a transaction.</summary>
internal static class Turns
{
    /// <summary>A turn that takes longer is worth a warning: every other instance waits for it.</summary>
    private static readonly TimeSpan SlowTurn = TimeSpan.FromSeconds(1);

    /// <summary>Runs the waiting instances, and those that wait because of them.</summary>
    /// <param name="state">The engine's state.</param>
    /// <param name="limit">The most turns: a chain without end must not keep a transaction open for ever.</param>
    public static void Run(this EngineState state, int limit)
    {
        for (var turn = 0; turn < limit && state.Instances.TryTakeTurn(out var instance); turn++)
        {
            if (!instance.Record.HasEnded)
            {
                Run(state, instance);
            }
        }
    }

    private static void Run(EngineState state, LiveInstance instance)
    {
        var record = instance.Record;
        var began = Stopwatch.GetTimestamp();
        if ((instance.Execution ??= Revive(state, instance)) is not { } execution)
        {
            state.End(instance, ExecutionOutcome.Failed(state.Orchestrations.VersionNotFound(record.Orchestration, record.Version)));
            return;
        }

        while (execution.Outcome is null && instance.Inbox.TryDequeue(out var item))
        {
            execution.Apply(item);
        }

        if (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed > SlowTurn)
        {
            state.Logger.SlowTurn(record.InstanceId, record.Orchestration, elapsed);
        }

        record.Status = OrchestrationRuntimeStatus.Running;
        record.CustomStatus = execution.Status;
        foreach (var line in execution.TakeLog())
        {
            state.AfterCommit(() => state.Logger.OrchestrationLog(record.InstanceId, line));
        }

        // All that was asked for is stored before any of it begins: an immediate answer belongs to the next turn.
        var asked = execution.Tasks.TakeAsked();
        var sequences = asked.Select(task => Store(state, instance, task)).ToArray();
        record.Processed = record.LastSequence;
        state.Instances.Change(instance);
        if (execution.Outcome is { } outcome)
        {
            state.End(instance, outcome);
            return;
        }

        for (var index = 0; index < asked.Count; index++)
        {
            Begin(state, instance, asked[index], sequences[index]);
        }

        foreach (var task in execution.Tasks.TakeWithdrawn())
        {
            state.AfterCommit(() => state.Timers.Remove(record.Row, task));
        }
    }

    /// <summary>The instance's code where its history stands, or null if its version is not registered.</summary>
    private static OrchestrationExecution? Revive(EngineState state, LiveInstance instance)
    {
        var record = instance.Record;
        if (state.Orchestrations.Find(record.Orchestration, record.Version) is not { } code)
        {
            return null;
        }

        var execution = new OrchestrationExecution(record, code, () => state.ForeignContinuation(record.Row));
        if (record.Processed > 0)
        {
            execution.Replay(state.History.Read(record.Row, 0, record.Processed));
        }

        return execution;
    }

    private static int Store(EngineState state, LiveInstance instance, AskedTask asked)
    {
        state.Instances.Append(
            instance,
            (sequence, at) => new HistoryEvent(sequence, asked.Kind, at, asked.Task, asked.Cause, asked.Value, asked.Name, asked.Data));
        return instance.Record.LastSequence;
    }

    private static void Begin(EngineState state, LiveInstance instance, AskedTask asked, int sequence)
    {
        var record = instance.Record;
        switch (asked.Kind)
        {
            case HistoryEventKind.TimerCreated:
                state.AfterCommit(() => state.Timers.Add(record.Row, asked.Task, asked.Value));
                break;
            case HistoryEventKind.ChildScheduled:
                state.StartChild(instance, asked);
                break;
            case HistoryEventKind.ActivityScheduled when !state.Activities.Contains(asked.Name!):
                state.Answer(instance, HistoryEventKind.ActivityFailed, asked.Task, state.Activities.NotFound(asked.Name!));
                break;
            default:
                state.Queue.Add(Item(record, asked.Task, sequence, asked.Name!, (int)asked.Value, asked.Data!, 0));
                break;
        }
    }

    /// <summary>The queue's item for a stored call.</summary>
    public static WorkItem Item(InstanceRecord record, int task, int sequence, string activity, int attempt, string input, int deliveries) => new()
    {
        Row = record.Row,
        Root = record.Root,
        InstanceId = record.InstanceId,
        TraceParent = record.TraceParent,
        Activity = activity,
        Task = task,
        Sequence = sequence,
        Attempt = attempt,
        Input = input,
        Deliveries = deliveries,
    };
}
