using Microsoft.Extensions.Logging;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>The base of engines that processes share: registration, start and stop, and the client's checks of its arguments.</summary>
/// <typeparam name="TEngine">The engine itself.</typeparam>
public abstract class SharedEngine<TEngine> : IHostedEngine
    where TEngine : SharedEngine<TEngine>
{
    private readonly SharedEngineOptions _options;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;

    /// <summary>Creates an engine; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">The engine's options.</param>
    /// <param name="logger">Gets the engine's messages.</param>
    protected SharedEngine(SharedEngineOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Logger = logger;
        Activities = new ActivityRegistry(options.Groups());
    }

    /// <summary>Completes when the engine was stopped. It does not end by itself: while its service is away, it tries again.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Gets the engine's messages.</summary>
    protected ILogger Logger { get; }

    /// <summary>The registered orchestrations.</summary>
    protected OrchestrationRegistry Orchestrations { get; } = new();

    /// <summary>The registered activities.</summary>
    protected ActivityRegistry Activities { get; }

    /// <summary>Registers an orchestration, in the version that new instances get.</summary>
    /// <exception cref="ArgumentException">The name has a current version already.</exception>
    public TEngine AddOrchestration(IOrchestration orchestration) => Register(() => Orchestrations.Add(orchestration, isCurrent: true));

    /// <summary>Registers an earlier version of an orchestration, for the instances that started with it.</summary>
    /// <exception cref="ArgumentException">That version is registered already.</exception>
    public TEngine AddEarlierVersion(IOrchestration orchestration) => Register(() => Orchestrations.Add(orchestration, isCurrent: false));

    /// <summary>Registers an activity. All processes of a hub register the same ones; which they take is an option.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="group">The group whose limit it counts towards.</param>
    /// <exception cref="ArgumentException">The options do not have the group, the name is taken, or the engine does not accept it.</exception>
    public TEngine AddActivity(IActivity activity, string group = ActivityGroups.Default) => Register(() =>
    {
        ArgumentNullException.ThrowIfNull(activity);
        CheckActivity(activity, group);
        Activities.Add(activity, group);
    });

    /// <summary>Opens the hub and begins to work.</summary>
    /// <exception cref="DurableDataVersionException">The hub is another program's, or of another version.</exception>
    /// <exception cref="DurableEngineUnavailableException">The service does not answer or refuses.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RequireNotStarted();
        await OpenAsync(cancellationToken);
        _isStarted = true;
        Logger.SharedEngineStarted(_options.TaskHub);
    }

    /// <summary>
    /// Stops: cancels the running activities and gives them back, and hands over what this process holds. Waits at most
    /// <see cref="SharedEngineOptions.StopTimeout"/>; what is not handed over by then is taken by others when its time is over.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted || _completion.Task.IsCompleted)
        {
            return;
        }

        try
        {
            await CloseAsync().WaitAsync(_options.StopTimeout, cancellationToken);
            Logger.SharedEngineStopped();
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException || Translate(exception) is not null)
        {
            Logger.SharedEngineStopTimedOut(_options.StopTimeout);
        }

        _completion.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await DisposeCoreAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The orchestration is not registered, or the input is too long.</exception>
    /// <exception cref="DurableEngineUnavailableException">From every member: the service does not answer or refuses.</exception>
    public Task<bool> StartIfAbsentAsync(string orchestration, string instanceId, object? input, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        if (!Orchestrations.TryGetCurrent(orchestration, out var code))
        {
            throw new ArgumentException($"No orchestration '{orchestration}' is registered; there are: {Orchestrations.Describe()}.", nameof(orchestration));
        }

        var json = Payload.Serialize(input, $"input of '{instanceId}'");
        return TranslatedAsync(() => StartInstanceAsync(code, instanceId, json, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<OrchestrationStatus?> GetStatusAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return TranslatedAsync(() => FindStatusAsync(instanceId, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(eventName);
        var json = RaisedEvent.Write(Payload.Serialize(payload, $"payload of event '{eventName}'"));
        return EngineErrors.TranslatedAsync(() => RaiseAsync(instanceId, eventName, json, cancellationToken), Translate, cancellationToken);
    }

    /// <inheritdoc/>
    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentNullException.ThrowIfNull(reason);
        return EngineErrors.TranslatedAsync(() => EndInstanceAsync(instanceId, reason, cancellationToken), Translate, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return TranslatedAsync(() => RemoveInstanceAsync(instanceId, cancellationToken), cancellationToken);
    }

    void IHostedEngine.Register(IOrchestration orchestration, bool isCurrent) => Register(() => Orchestrations.Add(orchestration, isCurrent));

    void IHostedEngine.Register(IActivity activity, string group) => AddActivity(activity, group);

    /// <summary>Checks whether the engine accepts an activity.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    protected virtual void CheckActivity(IActivity activity, string group)
    {
    }

    /// <summary>Opens the hub and begins to work.</summary>
    protected abstract Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Gives running activities back and hands over what this process holds.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Frees what <see cref="OpenAsync"/> made.</summary>
    protected abstract ValueTask DisposeCoreAsync();

    /// <summary>Starts an instance with JSON, unless there is one of that id.</summary>
    protected abstract Task<bool> StartInstanceAsync(IOrchestration code, string instanceId, string input, CancellationToken cancellationToken);

    /// <summary>Finds an instance.</summary>
    protected abstract Task<OrchestrationStatus?> FindStatusAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Raises an event, as <see cref="RaisedEvent"/> writes it.</summary>
    protected abstract Task RaiseAsync(string instanceId, string eventName, string raised, CancellationToken cancellationToken);

    /// <summary>Terminates an instance and its children.</summary>
    protected abstract Task EndInstanceAsync(string instanceId, string reason, CancellationToken cancellationToken);

    /// <summary>Purges an ended instance and its children.</summary>
    protected abstract Task<bool> RemoveInstanceAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>The port's exception for one of the service's clients; null for any other.</summary>
    protected abstract DurableEngineUnavailableException? Translate(Exception exception);

    private Task<T> TranslatedAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) => EngineErrors.TranslatedAsync(call, Translate, cancellationToken);

    private TEngine Register(Action register)
    {
        RequireNotStarted();
        register();
        return (TEngine)this;
    }

    private void RequireNotStarted()
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("The durable engine has been started already: register orchestrations and activities before, and start it once.");
        }
    }
}
