using System.Globalization;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>The context that an orchestration's code gets.</summary>
/// <param name="instance">The instance.</param>
/// <param name="tasks">Its tasks.</param>
/// <param name="mailbox">Its external events.</param>
/// <param name="turn">Tells whether the calling code runs within a turn.</param>
/// <param name="onForeignTask">Called, on any thread, when the context is used outside of a turn.</param>
internal sealed class OrchestrationContext(InstanceRecord instance, OrchestrationTasks tasks, EventMailbox mailbox, TurnSynchronizationContext turn, Action onForeignTask)
    : IOrchestrationContext
{
    private readonly List<string> _log = [];
    private int _guids;
    private int _sequence;
    private DateTimeOffset _currentTime;

    public string InstanceId => instance.InstanceId;

    public DateTimeOffset CurrentTime
    {
        get
        {
            RequireTurn();
            return _currentTime;
        }
    }

    public bool IsReplaying { get; private set; }

    /// <summary>The text last given to <see cref="SetStatus"/>.</summary>
    public string? Status { get; private set; }

    /// <summary>Sets the event that the code is about to process.</summary>
    public void Begin(HistoryEvent next, bool replaying)
    {
        _sequence = next.Sequence;
        _currentTime = next.At;
        IsReplaying = replaying;
    }

    /// <summary>Returns and clears the log lines.</summary>
    public IReadOnlyList<string> TakeLog()
    {
        if (_log.Count == 0)
        {
            return [];
        }

        string[] lines = [.. _log];
        _log.Clear();
        return lines;
    }

    public Guid NewGuid()
    {
        RequireTurn();
        return DeterministicGuid.Create(string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{instance.CreatedAt.UtcTicks}_{_guids++}"));
    }

    public Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var json = Payload.Serialize(input, $"input of activity '{name}'");
        return CallAsync<TOutput>(attempt => tasks.Schedule(HistoryEventKind.ActivityScheduled, _sequence, name, json, attempt).Result, retry, $"result of activity '{name}'");
    }

    public Task<TOutput> CallChildAsync<TOutput>(string orchestration, string instanceId, object? input, RetryPolicy? retry = null)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        var json = Payload.Serialize(input, $"input of child '{instanceId}'");
        return CallAsync<TOutput>(_ => tasks.Schedule(HistoryEventKind.ChildScheduled, _sequence, orchestration, instanceId, childInput: json).Result, retry, $"result of child '{instanceId}'");
    }

    public async Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        cancellationToken.ThrowIfCancellationRequested();
        var (number, fired) = tasks.Schedule(HistoryEventKind.TimerCreated, _sequence, value: fireAt.UtcTicks);
        using var registration = cancellationToken.Register(() =>
        {
            if (turn.IsInTurn)
            {
                tasks.CancelTimer(number, cancellationToken);
            }
            else
            {
                onForeignTask();
            }
        });
        await fired;
    }

    public async Task<TPayload> WaitForEventAsync<TPayload>(string name, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var payload = await mailbox.TakeAsync(name, cancellationToken);
        return Payload.Deserialize<TPayload>(payload, "invalid_event", $"payload of event '{name}'");
    }

    public void SetStatus(string status)
    {
        RequireTurn();
        ArgumentNullException.ThrowIfNull(status);
        Status = status;
    }

    public void Log(string message)
    {
        RequireTurn();
        if (!IsReplaying)
        {
            _log.Add(message);
        }
    }

    private async Task<TOutput> CallAsync<TOutput>(Func<int, Task<string>> schedule, RetryPolicy? retry, string what)
    {
        var json = await (retry ?? RetryPolicy.None).RunAsync(
            schedule,
            delay => tasks.Schedule(HistoryEventKind.TimerCreated, _sequence, value: (_currentTime + delay).UtcTicks).Result);
        return Payload.Deserialize<TOutput>(json, "invalid_output", what);
    }

    private void RequireTurn()
    {
        if (!turn.IsInTurn)
        {
            onForeignTask();
            throw new InvalidOperationException("An orchestration's context may be used by its own code only, not from another task or thread.");
        }
    }
}
