using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Activities;
using Emu.Durable.Replay;
using Emu.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Engine;

/// <summary>
/// The state of the engine, and the changes to it that clients, turns and results make: instances start, get events, end and are
/// purged. Used on the engine's thread only. The tables change within a transaction; what is visible outside of it (started
/// activities, timers, waiting callers) changes after the commit, through <see cref="AfterCommit"/>.
/// </summary>
internal sealed class EngineState : IDisposable
{
    private readonly List<Action> _afterCommit = [];

    public EngineState(EngineDatabase database, OrchestrationRegistry orchestrations, ActivityRegistry activities, ActivityQueue queue, DurableEngineOptions options, ILogger logger)
    {
        Database = database;
        Orchestrations = orchestrations;
        Activities = activities;
        Queue = queue;
        Options = options;
        Logger = logger;
        Table = new InstanceTable(database.Connection);
        History = new HistoryTable(database.Connection);
        Instances = new InstanceSet(Table, History, options.MaximumCachedInstances, options.Time);
    }

    public EngineDatabase Database { get; }

    public InstanceTable Table { get; }

    public HistoryTable History { get; }

    public InstanceSet Instances { get; }

    public OrchestrationRegistry Orchestrations { get; }

    public ActivityRegistry Activities { get; }

    public ActivityQueue Queue { get; }

    public DurableEngineOptions Options { get; }

    public ILogger Logger { get; }

    public TimerQueue Timers { get; } = new();

    public EndWaiters Waiters { get; } = new();

    /// <summary>Adds an action to run once the transaction is committed.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public void Committed()
    {
        Instances.Committed();
        foreach (var action in _afterCommit)
        {
            action();
        }

        _afterCommit.Clear();
    }

    public void RolledBack()
    {
        Instances.RolledBack();
        _afterCommit.Clear();
    }

    /// <summary>Completes a waiter when an instance has ended: now if it has ended already, or does not exist.</summary>
    /// <returns>False if there is nothing to wait for.</returns>
    public bool AddWaiter(string instanceId, TaskCompletionSource<OrchestrationStatus?> waiter)
    {
        var record = Table.Find(instanceId);
        if (record is { HasEnded: false })
        {
            Waiters.Add(instanceId, waiter);
            return true;
        }

        waiter.TrySetResult(record?.ToStatus());
        return false;
    }

    /// <returns>Whether the instance is new.</returns>
    public bool StartIfAbsent(IOrchestration orchestration, string instanceId, string input, string? traceParent)
    {
        if (Table.Find(instanceId) is not null)
        {
            return false;
        }

        Start(orchestration, instanceId, input, traceParent);
        return true;
    }

    /// <summary>Stores a new instance; the caller has made sure that its id is free.</summary>
    public void Start(IOrchestration orchestration, string instanceId, string input, string? traceParent, InstanceRecord? parent = null, int parentTask = 0)
    {
        var row = Table.NextRow();
        var now = Options.Time.GetUtcNow();
        var instance = Instances.Add(new InstanceRecord
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
        Instances.Append(instance, HistoryEventKind.Started, name: orchestration.Name, data: input);
        AfterCommit(() => Waiters.Started());
    }

    /// <returns>False if the event is ignored, because the instance has ended or does not exist.</returns>
    public bool RaiseEvent(string instanceId, string eventName, string payload)
    {
        if (Instances.Get(instanceId) is not { Record.HasEnded: false } instance)
        {
            return false;
        }

        Instances.Append(instance, HistoryEventKind.EventRaised, name: eventName, data: payload);
        return true;
    }

    /// <summary>Records the failure of a task of an instance.</summary>
    public void AppendFailure(LiveInstance instance, HistoryEventKind kind, int task, ActivityFailure failure) =>
        Instances.Append(instance, kind, task, data: Payload.Serialize(failure));

    /// <returns>Whether the instance existed and had not ended.</returns>
    public bool Terminate(string instanceId, string reason)
    {
        if (Instances.Get(instanceId) is not { Record.HasEnded: false } instance)
        {
            return false;
        }

        End(instance, ExecutionOutcome.Terminated(reason));
        return true;
    }

    /// <summary>Ends an instance: its pending tasks and children end with it, and its parent gets the result.</summary>
    public void End(LiveInstance instance, ExecutionOutcome outcome)
    {
        var record = instance.Record;
        var now = Options.Time.GetUtcNow();
        record.Status = outcome.Status;
        record.Output = outcome.Output;
        record.Failure = outcome.Failure is null ? null : Payload.Serialize(outcome.Failure);
        record.Processed = record.LastSequence;
        record.UpdatedAt = now > record.UpdatedAt ? now : record.UpdatedAt;
        instance.Inbox.Clear();
        Instances.Change(instance);
        AfterCommit(() => Ended(record, outcome));
        if (outcome.Status != OrchestrationRuntimeStatus.Completed)
        {
            foreach (var row in Table.Children(record.Row))
            {
                if (Instances.Get(row) is { Record.HasEnded: false } child)
                {
                    End(child, ExecutionOutcome.Terminated($"Its parent '{record.InstanceId}' has ended."));
                }
            }
        }

        if (record.Parent is { } parentRow && Instances.Get(parentRow) is { Record.HasEnded: false } parent)
        {
            if (outcome.Failure is null)
            {
                Instances.Append(parent, HistoryEventKind.ChildCompleted, record.ParentTask, data: outcome.Output);
            }
            else
            {
                AppendFailure(parent, HistoryEventKind.ChildFailed, record.ParentTask, outcome.Failure);
            }
        }
    }

    /// <returns>Whether the instance existed and had ended.</returns>
    public bool Purge(string instanceId)
    {
        // The record in memory, not the stored one, knows what this transaction has changed.
        if (Instances.Get(instanceId) is not { Record.HasEnded: true } instance)
        {
            return false;
        }

        Delete(instance.Record.Row);
        return true;
    }

    /// <summary>Removes an ended instance and its children, which have ended too.</summary>
    public void Delete(long row)
    {
        foreach (var child in Table.Children(row))
        {
            Delete(child);
        }

        Instances.Delete(row);
    }

    public void Dispose()
    {
        Table.Dispose();
        History.Dispose();
        Database.Dispose();
    }

    private void Ended(InstanceRecord record, ExecutionOutcome outcome)
    {
        Queue.Drop(record.Row);
        Timers.RemoveAll(record.Row);
        Waiters.Ended(record.ToStatus());
        if (outcome.Failure is { } failure)
        {
            // Instances are terminated on request only.
            var level = record.Status == OrchestrationRuntimeStatus.Terminated ? LogLevel.Information : Logs.LevelOf(failure);
            Logger.InstanceFailed(level, record.InstanceId, record.Status.ToString(), failure.Code, failure.Message);
        }
        else
        {
            Logger.InstanceEnded(record.InstanceId, record.Status.ToString());
        }
    }
}
