using DurableTask.AzureStorage;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Activities;
using Emu.Durable.AzureStorage.Hub;
using Emu.Durable.AzureStorage.Orchestrations;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage;

/// <summary>
/// The durable port on DurableTask's Azure Storage engine: any number of processes on any number of machines share one task hub.
/// Register orchestrations and activities, start it, and use it as the <see cref="IOrchestrationClient"/>. A host uses
/// <see cref="AzureStorageEngineServices.AddAzureStorageEngine"/>.
/// </summary>
/// <remarks>
/// Not guaranteed, beside what no Durable Task engine guarantees: the order of events that are raised quickly one after the other,
/// and timers of less than a second (they fire up to two seconds late).
/// </remarks>
public sealed class AzureStorageEngine : IOrchestrationClient, IDurableEngine, IAsyncDisposable
{
    private readonly AzureStorageEngineOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly OrchestrationRegistry _orchestrations = new();
    private readonly ActivityRegistry _activities;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineRun? _run;

    /// <summary>Creates an engine; nothing is opened before <see cref="StartAsync"/>.</summary>
    public AzureStorageEngine(AzureStorageEngineOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _loggers = loggers;
        _logger = loggers.CreateLogger<AzureStorageEngine>();
        _activities = new ActivityRegistry(options.Groups());
    }

    /// <summary>Completes when the engine was stopped. It does not end by itself: while the storage is away, it tries again.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Checks that the storage answers, and that the hub, if there is one of that name, is one that this program reads. Makes nothing.</summary>
    /// <returns>Whether there is a hub of that name.</returns>
    /// <exception cref="DurableDataVersionException">The hub is another program's, or of another version.</exception>
    /// <exception cref="DurableEngineUnavailableException">The storage does not answer or refuses.</exception>
    public static async Task<bool> CheckAsync(AzureStorageEngineOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var account = new StorageAccount(options.Storage);
        var found = await TaskHub.FindAsync(account.Blobs, options.TaskHub, cancellationToken);
        await HubErrors.TranslatedAsync(() => account.CheckAsync(options.TaskHub, cancellationToken), cancellationToken);
        return found is not null;
    }

    /// <summary>Registers an orchestration, in the version that new instances get.</summary>
    /// <exception cref="ArgumentException">The name has a current version already.</exception>
    public AzureStorageEngine AddOrchestration(IOrchestration orchestration) => Register(() => _orchestrations.Add(orchestration, isCurrent: true));

    /// <summary>Registers an earlier version of an orchestration, for the instances that started with it.</summary>
    /// <exception cref="ArgumentException">That version is registered already.</exception>
    public AzureStorageEngine AddEarlierVersion(IOrchestration orchestration) => Register(() => _orchestrations.Add(orchestration, isCurrent: false));

    /// <summary>Registers an activity. All processes of a hub register the same ones; which they take is an option.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="group">The group whose limit it counts towards.</param>
    /// <exception cref="ArgumentException">The options do not have the group, or the name is taken, or cannot be a queue's.</exception>
    public AzureStorageEngine AddActivity(IActivity activity, string group = ActivityGroups.Default) => Register(() =>
    {
        ArgumentNullException.ThrowIfNull(activity);
        if (group != ActivityGroups.Default)
        {
            ActivityQueues.QueueName(activity.Name);
        }

        _activities.Add(activity, group);
    });

    /// <summary>Opens the hub, making it if there is none, and begins to work.</summary>
    /// <exception cref="DurableDataVersionException">The hub is another program's, or of another version.</exception>
    /// <exception cref="DurableEngineUnavailableException">The storage does not answer or refuses.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RequireNotStarted();
        var account = new StorageAccount(_options.Storage);
        var hub = await TaskHub.OpenAsync(account.Blobs, _options, cancellationToken);
        var queues = new ActivityQueues(_options.TaskHub, account, _activities);
        var service = new AzureStorageOrchestrationService(HubSettings.Create(_options, hub, account, _loggers));
        _run = new EngineRun(service, queues, _options, _orchestrations, _activities, _loggers);
        await HubErrors.TranslatedAsync(() => _run.StartAsync(cancellationToken), cancellationToken);
        _logger.EngineStarted(_options.TaskHub);
    }

    /// <summary>
    /// Stops: cancels the running activities and gives them back, and hands the orchestrations over. Waits at most
    /// <see cref="AzureStorageEngineOptions.StopTimeout"/>; what is not handed over by then is taken by others after
    /// <see cref="AzureStorageEngineOptions.LostWorkTimeout"/>.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_run is not { } run || _completion.Task.IsCompleted)
        {
            return;
        }

        try
        {
            await run.StopAsync().WaitAsync(_options.StopTimeout, cancellationToken);
            _logger.EngineStopped();
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException || HubErrors.Translate(exception) is not null)
        {
            _logger.StopTimedOut(_options.StopTimeout);
        }

        _completion.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _run?.Dispose();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The orchestration is not registered, or the input is too long.</exception>
    /// <exception cref="DurableEngineUnavailableException">From every member: the storage does not answer or refuses.</exception>
    public Task<bool> StartIfAbsentAsync(string orchestration, string instanceId, object? input, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        if (!_orchestrations.TryGetCurrent(orchestration, out var code))
        {
            throw new ArgumentException($"No orchestration '{orchestration}' is registered; there are: {_orchestrations.Describe()}.", nameof(orchestration));
        }

        var json = Payload.Serialize(input, $"input of '{instanceId}'");
        return OnServiceAsync(instances => instances.StartAsync(code, instanceId, json), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<OrchestrationStatus?> GetStatusAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return OnServiceAsync(instances => instances.FindStatusAsync(instanceId), cancellationToken);
    }

    /// <inheritdoc/>
    public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(eventName);
        var json = RaisedEvent.Write(Payload.Serialize(payload, $"payload of event '{eventName}'"));
        return HubErrors.TranslatedAsync(() => Started().Events.RaiseAsync(instanceId, eventName, json, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentNullException.ThrowIfNull(reason);
        return HubErrors.TranslatedAsync(() => Started().Instances.TerminateAsync(instanceId, reason), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return OnServiceAsync(instances => instances.PurgeAsync(instanceId), cancellationToken);
    }

    private EngineRun Started() => _run ?? throw new InvalidOperationException("The durable engine has not been started.");

    private Task<T> OnServiceAsync<T>(Func<HubInstances, Task<T>> call, CancellationToken cancellationToken)
    {
        var instances = Started().Instances;
        return HubErrors.TranslatedAsync(() => call(instances), cancellationToken);
    }

    private AzureStorageEngine Register(Action register)
    {
        RequireNotStarted();
        register();
        return this;
    }

    private void RequireNotStarted()
    {
        if (_run is not null)
        {
            throw new InvalidOperationException("The durable engine has been started already: register orchestrations and activities before, and start it once.");
        }
    }
}
