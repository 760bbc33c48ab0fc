using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler.Connection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.Scheduler;

/// <summary>
/// The durable port on the Durable Task Scheduler, by Microsoft's SDK: any number of processes on any number of machines share one task
/// hub of the service. Register orchestrations and activities, start it, and use it as the <see cref="IOrchestrationClient"/>. A host
/// uses <see cref="SchedulerEngineServices.AddSchedulerEngine"/>.
/// </summary>
/// <remarks>
/// The hub must exist. Not guaranteed, beside what no Durable Task engine guarantees: the order of events that are raised quickly one
/// after the other.
/// </remarks>
public sealed class SchedulerEngine : SharedEngine<SchedulerEngine>
{
    private readonly SchedulerEngineOptions _options;
    private readonly ILoggerFactory _loggers;
    private SchedulerInstances? _instances;
    private SchedulerWorkers? _workers;

    /// <summary>Creates an engine; nothing is opened before it is started.</summary>
    public SchedulerEngine(SchedulerEngineOptions options, ILoggerFactory loggers)
        : base(options, loggers.CreateLogger<SchedulerEngine>())
    {
        _options = options;
        _loggers = loggers;
    }

    /// <summary>Checks that the scheduler answers, accepts the credential and knows the hub. Makes nothing.</summary>
    /// <exception cref="DurableEngineUnavailableException">It does not.</exception>
    public static async Task CheckAsync(SchedulerEngineOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using var instances = new SchedulerInstances(options, NullLogger.Instance);
        await EngineErrors.TranslatedAsync(() => instances.CheckAsync(cancellationToken), SchedulerErrors.Translate, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task OpenAsync(CancellationToken cancellationToken)
    {
        await CheckAsync(_options, cancellationToken);
        _instances = new SchedulerInstances(_options, Logger);
        _workers = new SchedulerWorkers(_options, Orchestrations, Activities, _loggers);
        await _workers.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task CloseAsync() => _workers!.StopAsync();

    /// <inheritdoc/>
    protected override async ValueTask DisposeCoreAsync()
    {
        if (_workers is not null)
        {
            await _workers.DisposeAsync();
        }

        if (_instances is not null)
        {
            await _instances.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override Task<bool> StartInstanceAsync(IOrchestration code, string instanceId, string input, CancellationToken cancellationToken) =>
        Started().StartAsync(code, instanceId, input, cancellationToken);

    /// <inheritdoc/>
    protected override Task<OrchestrationStatus?> FindStatusAsync(string instanceId, CancellationToken cancellationToken) => Started().FindStatusAsync(instanceId, cancellationToken);

    /// <inheritdoc/>
    protected override Task RaiseAsync(string instanceId, string eventName, string raised, CancellationToken cancellationToken) =>
        Started().RaiseAsync(instanceId, eventName, raised, cancellationToken);

    /// <inheritdoc/>
    protected override Task EndInstanceAsync(string instanceId, string reason, CancellationToken cancellationToken) => Started().TerminateAsync(instanceId, reason, cancellationToken);

    /// <inheritdoc/>
    protected override Task<bool> RemoveInstanceAsync(string instanceId, CancellationToken cancellationToken) => Started().PurgeAsync(instanceId, cancellationToken);

    /// <inheritdoc/>
    protected override DurableEngineUnavailableException? Translate(Exception exception) => SchedulerErrors.Translate(exception);

    private SdkInstances Started() => _instances?.All ?? throw new InvalidOperationException("The durable engine has not been started.");
}
