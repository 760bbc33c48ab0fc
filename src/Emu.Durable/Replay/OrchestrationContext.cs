using System.Globalization;
using Emu.Durable.Abstractions;
using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>The port as an orchestration's code sees it.</summary>
internal sealed class OrchestrationContext(InstanceRecord instance, TaskLedger tasks, EventMailbox mailbox, TurnSynchronizationContext turn, Action foreignCall)
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

    /// <summary>Turns to the next event.</summary>
    public void Begin(HistoryEvent next, bool replaying)
    {
        _sequence = next.Sequence;
        _currentTime = next.At;
        IsReplaying = replaying;
    }

    /// <summary>The log lines written since the last call.</summary>
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
        return CallAsync<TOutput>(HistoryEventKind.ActivityScheduled, name, json, null, retry, $"result of activity '{name}'");
    }

    public Task<TOutput> CallChildAsync<TOutput>(string orchestration, string instanceId, object? input, RetryPolicy? retry = null)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        var json = Payload.Serialize(input, $"input of child '{instanceId}'");
        return CallAsync<TOutput>(HistoryEventKind.ChildScheduled, orchestration, instanceId, json, retry, $"result of child '{instanceId}'");
    }

    public async Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        cancellationToken.ThrowIfCancellationRequested();
        var (number, fired) = tasks.Ask(HistoryEventKind.TimerCreated, _sequence, value: fireAt.UtcTicks);
        using var registration = cancellationToken.Register(() => InTurn(() => tasks.Withdraw(number, cancellationToken)));
        await fired;
    }

    public async Task<TPayload> WaitForEventAsync<TPayload>(string name, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var payload = await mailbox.TakeAsync(name, cancellationToken);
        return Payload.Deserialize<TPayload>(payload, "invalid_event", $"payload of event '{name}'");
    }

    public async Task<TPayload> WaitForEventAsync<TPayload>(string name, TimeSpan timeout)
    {
        RequireTurn();
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return await WaitForEventAsync<TPayload>(name, CancellationToken.None);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        using var waiting = new CancellationTokenSource();
        using var timing = new CancellationTokenSource();
        var waiter = WaitForEventAsync<TPayload>(name, waiting.Token);
        var timer = CreateTimerAsync(_currentTime + timeout, timing.Token);
        if (await Task.WhenAny(waiter, timer) == timer)
        {
            waiting.Cancel();
            throw new TimeoutException($"The event '{name}' did not arrive within {timeout}.");
        }

        timing.Cancel();
        return await waiter;
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

    private async Task<TOutput> CallAsync<TOutput>(HistoryEventKind kind, string name, string data, string? childInput, RetryPolicy? retry, string what)
    {
        for (var attempt = 1; ; attempt++)
        {
            string json;
            try
            {
                // A retry sends the same input again, as it was when the call was made.
                var value = kind == HistoryEventKind.ActivityScheduled ? attempt : 0;
                json = await tasks.Ask(kind, _sequence, name, data, value, childInput).Result;
            }
            catch (ActivityFailedException exception) when (exception.Failure.Retryable && retry is not null && attempt < retry.MaximumAttempts)
            {
                if (retry.DelayAfter(attempt) is var delay && delay > TimeSpan.Zero)
                {
                    await tasks.Ask(HistoryEventKind.TimerCreated, _sequence, value: (_currentTime + delay).UtcTicks).Result;
                }

                continue;
            }

            return Payload.Deserialize<TOutput>(json, "invalid_output", what);
        }
    }

    private void InTurn(Action action)
    {
        if (turn.IsInTurn)
        {
            action();
        }
        else
        {
            foreignCall();
        }
    }

    private void RequireTurn()
    {
        if (!turn.IsInTurn)
        {
            foreignCall();
            throw new InvalidOperationException("An orchestration's context may be used by its own code only, not from another task or thread.");
        }
    }
}
