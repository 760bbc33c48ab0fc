using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage.Orchestrations;

/// <summary>The port's context over DurableTask's.</summary>
internal sealed class PortContext : IOrchestrationContext
{
    // A queue hides no message for longer than seven days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(3);

    private readonly OrchestrationContext _inner;
    private readonly OrchestrationRegistry _registry;
    private readonly EventMailbox _mailbox;
    private readonly ILogger _logger;
    private readonly PortTimers _timers;
    private int _guids;

    public PortContext(OrchestrationContext inner, OrchestrationRegistry registry, EventMailbox mailbox, ILogger logger)
    {
        _inner = inner;
        _registry = registry;
        _mailbox = mailbox;
        _logger = logger;
        _timers = new PortTimers(inner);
    }

    public string InstanceId => _inner.OrchestrationInstance.InstanceId;

    public DateTimeOffset CurrentTime => new(DateTime.SpecifyKind(_inner.CurrentUtcDateTime, DateTimeKind.Utc));

    public bool IsReplaying => _inner.IsReplaying;

    /// <summary>The text last given to <see cref="SetStatus"/>.</summary>
    public string? Status { get; private set; }

    public Guid NewGuid() => DeterministicGuid.Create(string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{CurrentTime.UtcTicks}_{_guids++}"));

    public Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var json = Payload.Serialize(input, $"input of activity '{name}'");
        return CallAsync<TOutput>(attempt => ActivityAsync(name, ActivityCall.Write(attempt, json)), retry, $"result of activity '{name}'");
    }

    public Task<TOutput> CallChildAsync<TOutput>(string orchestration, string instanceId, object? input, RetryPolicy? retry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        var json = Payload.Serialize(input, $"input of child '{instanceId}'");
        return CallAsync<TOutput>(_ => ChildAsync(orchestration, instanceId, json), retry, $"result of child '{instanceId}'");
    }

    public async Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (fireAt - CurrentTime > LongestTimer)
        {
            await _timers.WaitAsync((CurrentTime + LongestTimer).UtcDateTime, cancellationToken);
        }

        await _timers.WaitAsync(fireAt.UtcDateTime, cancellationToken);
    }

    public async Task<TPayload> WaitForEventAsync<TPayload>(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var payload = await _mailbox.TakeAsync(name, cancellationToken);
        return Payload.Deserialize<TPayload>(payload, "invalid_event", $"payload of event '{name}'");
    }

    public void SetStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        Status = status;
    }

    public void Log(string message)
    {
        if (!IsReplaying)
        {
            _logger.OrchestrationLog(InstanceId, message);
        }
    }

    private async Task<TOutput> CallAsync<TOutput>(Func<int, Task<string>> call, RetryPolicy? retry, string what)
    {
        var json = await (retry ?? RetryPolicy.None).RunAsync(call, delay => CreateTimerAsync(CurrentTime + delay));
        return Payload.Deserialize<TOutput>(json, "invalid_output", what);
    }

    private async Task<string> ActivityAsync(string name, string call)
    {
        try
        {
            return await _inner.ScheduleTask<string>(name, version: "", call);
        }
        catch (TaskFailedException exception)
        {
            throw new ActivityFailedException(PortFailure.Read(exception.FailureDetails?.ErrorMessage ?? exception.Message, "internal_error"), exception);
        }
    }

    private async Task<string> ChildAsync(string orchestration, string instanceId, string json)
    {
        try
        {
            var version = _registry.TryGetCurrent(orchestration, out var code) ? code.Version : "";
            return await _inner.CreateSubOrchestrationInstance<string>(orchestration, version, instanceId, json);
        }
        catch (SubOrchestrationFailedException exception)
        {
            // A terminated child comes without details.
            var otherwise = exception.FailureDetails is null ? "terminated" : "internal_error";
            throw new ActivityFailedException(PortFailure.Read(exception.FailureDetails?.ErrorMessage ?? exception.Message, otherwise), exception);
        }
    }
}

/// <summary>
/// An instance's timers. A queue counts delays in whole seconds and cuts off the rest, so a timer asked for a second later is never
/// early; timers that are due when one of them fires end in the order of their times.
/// </summary>
internal sealed class PortTimers(OrchestrationContext inner)
{
    private readonly List<Timer> _waiting = [];

    public async Task WaitAsync(DateTime fireAt, CancellationToken cancellationToken)
    {
        var timer = new Timer(fireAt, new TaskCompletionSource());
        _waiting.Add(timer);
        using var registration = cancellationToken.Register(() =>
        {
            if (_waiting.Remove(timer))
            {
                timer.Ended.SetCanceled(cancellationToken);
            }
        });
        _ = FireAsync(inner.CreateTimer<object?>(fireAt > inner.CurrentUtcDateTime ? fireAt.AddSeconds(1) : fireAt, null, cancellationToken));
        await timer.Ended.Task;
    }

    private async Task FireAsync(Task fired)
    {
        try
        {
            await fired;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        foreach (var due in _waiting.Where(timer => timer.FireAt <= inner.CurrentUtcDateTime).OrderBy(timer => timer.FireAt).ToArray())
        {
            _waiting.Remove(due);
            due.Ended.SetResult();
        }
    }

    private sealed record Timer(DateTime FireAt, TaskCompletionSource Ended);
}
