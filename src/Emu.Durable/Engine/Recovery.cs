using Emu.Durable.Abstractions;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>What a start takes up again: turns that were not taken, calls without an answer, timers.</summary>
internal static class Recovery
{
    /// <returns>How many activities run again.</returns>
    public static int Run(EngineState state)
    {
        state.Database.Begin();
        state.Waiters.Started(state.Table.CountUnfinished());
        var activities = 0;
        InstanceRecord? record = null;
        foreach (var (row, item) in state.History.OpenActivities())
        {
            record = record?.Row == row ? record : state.Table.Find(row)!;
            activities += Resume(state, record, item) ? 1 : 0;
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

    private static bool Resume(EngineState state, InstanceRecord record, HistoryEvent call)
    {
        if (call.Deliveries >= state.Options.MaximumDeliveries)
        {
            var message = $"Activity '{call.Name}' was begun {call.Deliveries} times, and each time its process died before it ended.";
            state.Answer(state.Instances.Get(record.Row)!, HistoryEventKind.ActivityFailed, call.Task, new ActivityFailure("worker_lost", message, Retryable: false));
            return false;
        }

        if (!state.Activities.Contains(call.Name!))
        {
            state.Answer(state.Instances.Get(record.Row)!, HistoryEventKind.ActivityFailed, call.Task, state.Activities.NotFound(call.Name!));
            return false;
        }

        state.Queue.Add(Turns.Item(record, call.Task, call.Sequence, call.Name!, (int)call.Value, call.Data!, call.Deliveries));
        return true;
    }
}
