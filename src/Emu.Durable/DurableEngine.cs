using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Activities;
using Emu.Durable.Engine;
using Emu.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Emu.Durable;

/// <summary>
/// The embedded durable engine: orchestrations on SQLite, for one process. Register orchestrations and activities, start it,
/// and use it as the <see cref="IOrchestrationClient"/>. A host uses <see cref="EmbeddedEngineServices.AddEmbeddedEngine"/>.
/// </summary>
/// <remarks>
/// Guaranteed, as on Durable Task: a call returns after its change is stored; an orchestration continues after a restart where its
/// history ends; an activity runs at least once, and its first stored result counts; timers, events and children are durable.
/// Not guaranteed: that an activity runs only once, or that a timer fires at its exact time. All orchestrations share one
/// thread, so code that blocks it blocks them all.
/// </remarks>
public sealed class DurableEngine : IHostedEngine
{
    private readonly DurableEngineOptions _options;
    private readonly ILogger _logger;
    private readonly OrchestrationRegistry _orchestrations = new();
    private readonly ActivityRegistry _activities;
    private readonly EngineLoop _loop;
    private readonly Lock _gate = new();
    private bool _isStarted;
    private Task? _stopped;

    /// <summary>Creates an engine; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DurableEngine(DurableEngineOptions options, ILogger<DurableEngine> logger)
        : this(options, logger, new EngineHooks())
    {
    }

    /// <summary>For tests.</summary>
    internal DurableEngine(DurableEngineOptions options, ILogger<DurableEngine> logger, EngineHooks hooks)
    {
        _activities = new ActivityRegistry(options.Validate());
        _options = options;
        _logger = logger;
        _loop = new EngineLoop(Open, hooks, logger);
    }

    /// <summary>Completes when the engine has stopped; faults if it stopped because of an error, such as damaged data.</summary>
    public Task Completion => _loop.Completion;

    /// <summary>Registers an orchestration, in the version that new instances get.</summary>
    /// <exception cref="ArgumentException">The name has a current version already.</exception>
    /// <exception cref="InvalidOperationException">The engine has started.</exception>
    public DurableEngine AddOrchestration(IOrchestration orchestration) => Register(() => _orchestrations.Add(orchestration, isCurrent: true));

    /// <summary>Registers an earlier version of an orchestration, for the instances that started with it.</summary>
    /// <exception cref="ArgumentException">That version is registered already.</exception>
    /// <exception cref="InvalidOperationException">The engine has started.</exception>
    public DurableEngine AddEarlierVersion(IOrchestration orchestration) => Register(() => _orchestrations.Add(orchestration, isCurrent: false));

    /// <summary>Registers an activity.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="group">The group whose limit it counts towards: one of <see cref="DurableEngineOptions.ActivityGroups"/>, or the default group.</param>
    /// <exception cref="ArgumentException">The options do not have the group, or the name is taken.</exception>
    /// <exception cref="InvalidOperationException">The engine has started.</exception>
    public DurableEngine AddActivity(IActivity activity, string group = ActivityGroups.Default) => Register(() => _activities.Add(activity, group));

    /// <summary>Locks and opens the data, upgrades it to the current version, and resumes all unfinished instances.</summary>
    /// <exception cref="DurableDataInUseException">Another engine holds the data folder.</exception>
    /// <exception cref="DurableDataVersionException">The data was written by a newer version, or by another program.</exception>
    /// <exception cref="DurableStoreException">The data cannot be read or is damaged.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            RequireNotStarted();
            _isStarted = true;
        }

        await _loop.StartAsync();
    }

    /// <summary>
    /// Stops: starts no further activity, cancels the running ones, waits for them at most
    /// <see cref="DurableEngineOptions.StopTimeout"/>, stores their results, and closes the data. Interrupted activities run
    /// again after the next start.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for running activities early.</param>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_isStarted)
            {
                _isStarted = true;
                _loop.Dispose();
                _stopped = Task.CompletedTask;
            }

            return _stopped ??= StopCoreAsync(cancellationToken);
        }
    }

    void IHostedEngine.Register(IOrchestration orchestration, bool isCurrent) => Register(() => _orchestrations.Add(orchestration, isCurrent));

    void IHostedEngine.Register(IActivity activity, string group) => AddActivity(activity, group);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>Waits until every instance has ended.</summary>
    /// <exception cref="InvalidOperationException">The engine stopped before.</exception>
    public Task DrainAsync(CancellationToken cancellationToken) => Started().WaitAsync<bool>((state, waiter) => state.Waiters.AddDrain(waiter), cancellationToken);

    /// <summary>Waits until an instance has ended.</summary>
    /// <returns>Its status, or null if it does not exist.</returns>
    /// <exception cref="InvalidOperationException">The engine stopped before.</exception>
    public Task<OrchestrationStatus?> WaitForEndAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return Started().WaitAsync<OrchestrationStatus?>((state, waiter) => state.AddWaiter(instanceId, waiter), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The orchestration is not registered, or the input is too long.</exception>
    public Task<bool> StartIfAbsentAsync(string orchestration, string instanceId, object? input, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        if (!_orchestrations.TryGetCurrent(orchestration, out var code))
        {
            throw new ArgumentException($"No orchestration '{orchestration}' is registered; there are: {_orchestrations.Describe()}.", nameof(orchestration));
        }

        var json = Payload.Serialize(input, $"input of '{instanceId}'");
        var traceParent = DurableTelemetry.TraceParentOfStart(orchestration, instanceId);
        return Started().ChangeAsync(state => state.StartIfAbsent(code, instanceId, json, traceParent), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<OrchestrationStatus?> GetStatusAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return Started().ReadAsync(state => state.Table.Find(instanceId)?.ToStatus(), cancellationToken);
    }

    /// <inheritdoc/>
    public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(eventName);
        var json = Payload.Serialize(payload, $"payload of event '{eventName}'");
        return Started().ChangeAsync(state => state.RaiseEvent(instanceId, eventName, json), cancellationToken);
    }

    /// <inheritdoc/>
    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentNullException.ThrowIfNull(reason);
        return Started().ChangeAsync(state => state.Terminate(instanceId, reason), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return Started().ChangeAsync(state => state.Purge(instanceId), cancellationToken);
    }

    private EngineLoop Started()
    {
        lock (_gate)
        {
            return _isStarted ? _loop : throw new InvalidOperationException("The durable engine has not been started.");
        }
    }

    private EngineState Open()
    {
        var queue = new ActivityQueue(_activities, new ActivityRunner(_activities, _logger), (item, result) => _loop.Post(new ActivityEnded(item, result)));
        var database = EngineDatabase.Open(_options.DataFolder, _options.PowerLossDurability);
        try
        {
            return new EngineState(database, _orchestrations, _activities, queue, _options, _logger);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private async Task StopCoreAsync(CancellationToken cancellationToken)
    {
        _loop.StopActivities();
        try
        {
            await _loop.Idle.WaitAsync(_options.StopTimeout, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _logger.StopTimedOut(_options.StopTimeout);
        }

        _loop.End();
        await _loop.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _loop.Dispose();
    }

    private DurableEngine Register(Action register)
    {
        lock (_gate)
        {
            RequireNotStarted();
            register();
            return this;
        }
    }

    private void RequireNotStarted()
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("The durable engine has been started already: register orchestrations and activities before, and start it once.");
        }
    }
}
