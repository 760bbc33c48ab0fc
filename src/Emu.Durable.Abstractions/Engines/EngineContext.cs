using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>The base of the contexts over Durable Task: retries, payloads, timers, events and identifiers of the port.</summary>
public abstract class EngineContext : IOrchestrationContext
{
    private readonly OrchestrationRegistry _registry;
    private readonly EventMailbox _mailbox;
    private readonly ILogger _logger;
    private readonly OrderedTimers _timers;
    private int _guids;

    /// <summary>Creates the context of one instance.</summary>
    /// <param name="registry">The registered orchestrations.</param>
    /// <param name="mailbox">The instance's events.</param>
    /// <param name="logger">Gets what orchestrations log.</param>
    protected EngineContext(OrchestrationRegistry registry, EventMailbox mailbox, ILogger logger)
    {
        _registry = registry;
        _mailbox = mailbox;
        _logger = logger;
        _timers = new OrderedTimers(TimerAsync, () => CurrentTime.UtcDateTime);
    }

    /// <inheritdoc/>
    public abstract string InstanceId { get; }

    /// <inheritdoc/>
    public abstract DateTimeOffset CurrentTime { get; }

    /// <inheritdoc/>
    public abstract bool IsReplaying { get; }

    /// <summary>Runs a registered orchestration.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">The version that the instance started with.</param>
    /// <param name="input">The input, as JSON.</param>
    /// <returns>The result, as JSON.</returns>
    /// <exception cref="FailureMessageException">It failed, or is not registered.</exception>
    public async Task<string> RunAsync(string name, string version, string? input)
    {
        try
        {
            var code = _registry.Find(name, version) ?? throw new ActivityFailedException(
                _registry.TryGetCurrent(name, out _) ? _registry.VersionNotFound(name, version) : _registry.NotFound(name));
            var output = await code.RunAsync(this, JsonSerializer.Deserialize<JsonElement>(input ?? "null", DurableJson.Options));
            return Payload.Serialize(output, $"result of orchestration '{name}'");
        }
        catch (Exception exception)
        {
            // Any exception of an orchestration's code ends its instance.
            throw FailureMessageException.From(exception);
        }
    }

    /// <inheritdoc/>
    public Guid NewGuid() => DeterministicGuid.Create(string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{CurrentTime.UtcTicks}_{_guids++}"));

    /// <inheritdoc/>
    public Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var json = Payload.Serialize(input, $"input of activity '{name}'");
        return CallAsync<TOutput>(attempt => ActivityAsync(name, ActivityCall.Write(attempt, json)), retry, $"result of activity '{name}'");
    }

    /// <inheritdoc/>
    public Task<TOutput> CallChildAsync<TOutput>(string orchestration, string instanceId, object? input, RetryPolicy? retry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        var json = Payload.Serialize(input, $"input of child '{instanceId}'");
        var version = _registry.TryGetCurrent(orchestration, out var code) ? code.Version : null;
        return CallAsync<TOutput>(_ => ChildAsync(orchestration, version, instanceId, json), retry, $"result of child '{instanceId}'");
    }

    /// <inheritdoc/>
    public Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default) => _timers.WaitAsync(fireAt.UtcDateTime, cancellationToken);

    /// <inheritdoc/>
    public async Task<TPayload> WaitForEventAsync<TPayload>(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Listen(name);
        var payload = await _mailbox.TakeAsync(name, cancellationToken);
        return Payload.Deserialize<TPayload>(payload, "invalid_event", $"payload of event '{name}'");
    }

    /// <inheritdoc/>
    public abstract void SetStatus(string status);

    /// <inheritdoc/>
    public void Log(string message)
    {
        if (!IsReplaying)
        {
            _logger.SharedOrchestrationLog(InstanceId, message);
        }
    }

    /// <summary>Sees to it that events of a name get into the mailbox. Nothing to do where all events do.</summary>
    protected virtual void Listen(string name)
    {
    }

    /// <summary>Calls an activity once.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="call">The call, as <see cref="ActivityCall.Write"/> wrote it.</param>
    /// <returns>The result, as JSON.</returns>
    /// <exception cref="ActivityFailedException">It failed.</exception>
    protected abstract Task<string> ActivityAsync(string name, string call);

    /// <summary>Runs a child once.</summary>
    /// <param name="orchestration">The orchestration's name.</param>
    /// <param name="version">Its current version; null if it is not registered.</param>
    /// <param name="instanceId">The child's id.</param>
    /// <param name="input">The input, as JSON.</param>
    /// <returns>The result, as JSON.</returns>
    /// <exception cref="ActivityFailedException">It failed.</exception>
    protected abstract Task<string> ChildAsync(string orchestration, string? version, string instanceId, string input);

    /// <summary>Creates one timer of at most <see cref="OrderedTimers.Longest"/>.</summary>
    protected abstract Task TimerAsync(DateTime fireAt, CancellationToken cancellationToken);

    private async Task<TOutput> CallAsync<TOutput>(Func<int, Task<string>> call, RetryPolicy? retry, string what)
    {
        var json = await (retry ?? RetryPolicy.None).RunAsync(call, delay => CreateTimerAsync(CurrentTime + delay));
        return Payload.Deserialize<TOutput>(json, "invalid_output", what);
    }
}
