using Emu.Durable.Abstractions;
using Emu.Durable.Replay;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>What clients ask of an instance; changes within a transaction.</summary>
internal static class Commands
{
    /// <returns>Whether it is new.</returns>
    public static bool StartIfAbsent(this EngineState state, IOrchestration orchestration, string instanceId, string input, string? traceParent)
    {
        if (state.Table.Find(instanceId) is not null)
        {
            return false;
        }

        state.Start(orchestration, instanceId, input, traceParent);
        return true;
    }

    /// <returns>Whether there is anything to wait for.</returns>
    public static bool WaitForEnd(this EngineState state, string instanceId, TaskCompletionSource<OrchestrationStatus?> waiter)
    {
        var record = state.Table.Find(instanceId);
        if (record is { HasEnded: false })
        {
            state.Waiters.Add(instanceId, waiter);
            return true;
        }

        waiter.TrySetResult(record is null ? null : EngineState.Status(record));
        return false;
    }

    /// <returns>Whether anybody was there to hear the event.</returns>
    public static bool Raise(this EngineState state, string instanceId, string eventName, string payload)
    {
        if (state.Instances.Get(instanceId) is not { Record.HasEnded: false } instance)
        {
            return false;
        }

        state.Instances.Append(instance, (sequence, at) => new HistoryEvent(sequence, HistoryEventKind.EventRaised, at, Name: eventName, Data: payload));
        return true;
    }

    /// <returns>Whether it was there and had not ended.</returns>
    public static bool Terminate(this EngineState state, string instanceId, string reason)
    {
        if (state.Instances.Get(instanceId) is not { Record.HasEnded: false } instance)
        {
            return false;
        }

        state.End(instance, ExecutionOutcome.Terminated(reason));
        return true;
    }

    /// <returns>Whether it was there and had ended.</returns>
    public static bool Purge(this EngineState state, string instanceId)
    {
        if (state.Table.Find(instanceId) is not { } record || state.Instances.Get(record.Row) is not { Record.HasEnded: true })
        {
            return false;
        }

        state.Delete(record.Row);
        return true;
    }
}
