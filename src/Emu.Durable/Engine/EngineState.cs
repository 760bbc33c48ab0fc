using Emu.Durable.Abstractions;
using Emu.Durable.Activities;
using Emu.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Engine;

/// <summary>
/// Everything the engine's thread works on. The tables change within a transaction; what is seen outside (activities begun,
/// timers, answers to callers) changes once it is in, through <see cref="AfterCommit"/>.
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

    /// <summary>Called, on any thread, when the code of a row's instance goes on outside of its turns.</summary>
    public required Action<long> ForeignContinuation { get; init; }

    /// <summary>Has something done once the transaction is in.</summary>
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

    public void Dispose()
    {
        Table.Dispose();
        History.Dispose();
        Database.Dispose();
    }

    /// <summary>An instance's status as the port shows it.</summary>
    public static OrchestrationStatus Status(InstanceRecord record) => new(
        record.InstanceId,
        record.Orchestration,
        record.Status,
        record.CustomStatus,
        record.CreatedAt,
        record.UpdatedAt,
        record.Output is null ? null : System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(record.Output),
        record.Failure is null ? null : Replay.Payload.ReadFailure(record.Failure));
}
