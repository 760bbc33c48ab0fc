using DurableTask.AzureStorage;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Activities;
using Emu.Durable.AzureStorage.Hub;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage;

/// <summary>
/// The durable port on DurableTask's Azure Storage engine: any number of processes on any number of machines share one task hub.
/// Register orchestrations and activities, start it, and use it as the <see cref="IOrchestrationClient"/>. A host uses
/// <see cref="AzureStorageEngineServices.AddAzureStorageEngine"/>.
/// </summary>
/// <remarks>
/// A hub that does not exist is made at the start. Not guaranteed, beside what no Durable Task engine guarantees: the order of events
/// that are raised quickly one after the other, and timers of less than a second (they fire up to two seconds late).
/// </remarks>
public sealed class AzureStorageEngine : SharedEngine<AzureStorageEngine>
{
    private readonly AzureStorageEngineOptions _options;
    private readonly ILoggerFactory _loggers;
    private EngineRun? _run;

    /// <summary>Creates an engine; nothing is opened before it is started.</summary>
    public AzureStorageEngine(AzureStorageEngineOptions options, ILoggerFactory loggers)
        : base(options, loggers.CreateLogger<AzureStorageEngine>())
    {
        _options = options;
        _loggers = loggers;
    }

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

    /// <inheritdoc/>
    protected override void CheckActivity(IActivity activity, string group)
    {
        ArgumentNullException.ThrowIfNull(activity);
        if (group != ActivityGroups.Default)
        {
            ActivityQueues.QueueName(activity.Name);
        }
    }

    /// <inheritdoc/>
    protected override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var account = new StorageAccount(_options.Storage);
        var hub = await TaskHub.OpenAsync(account.Blobs, _options, cancellationToken);
        var queues = new ActivityQueues(_options.TaskHub, account, Activities);
        var service = new AzureStorageOrchestrationService(HubSettings.Create(_options, hub, account, _loggers));
        _run = new EngineRun(service, queues, _options, Orchestrations, Activities, _loggers);
        await HubErrors.TranslatedAsync(() => _run.StartAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task CloseAsync() => Started().StopAsync();

    /// <inheritdoc/>
    protected override ValueTask DisposeCoreAsync()
    {
        _run?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task<bool> StartInstanceAsync(IOrchestration code, string instanceId, string input, CancellationToken cancellationToken) =>
        Started().Instances.StartAsync(code, instanceId, input);

    /// <inheritdoc/>
    protected override Task<OrchestrationStatus?> FindStatusAsync(string instanceId, CancellationToken cancellationToken) => Started().Instances.FindStatusAsync(instanceId);

    /// <inheritdoc/>
    protected override Task RaiseAsync(string instanceId, string eventName, string raised, CancellationToken cancellationToken) =>
        Started().Events.RaiseAsync(instanceId, eventName, raised, cancellationToken);

    /// <inheritdoc/>
    protected override Task EndInstanceAsync(string instanceId, string reason, CancellationToken cancellationToken) => Started().Instances.TerminateAsync(instanceId, reason);

    /// <inheritdoc/>
    protected override Task<bool> RemoveInstanceAsync(string instanceId, CancellationToken cancellationToken) => Started().Instances.PurgeAsync(instanceId);

    /// <inheritdoc/>
    protected override DurableEngineUnavailableException? Translate(Exception exception) => HubErrors.Translate(exception);

    private EngineRun Started() => _run ?? throw new InvalidOperationException("The durable engine has not been started.");
}
