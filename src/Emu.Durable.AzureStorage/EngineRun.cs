using DurableTask.AzureStorage;
using DurableTask.Core;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Activities;
using Emu.Durable.AzureStorage.Hub;
using Emu.Durable.AzureStorage.Orchestrations;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage;

/// <summary>A started engine: DurableTask's worker for orchestrations, and a worker for each group of activities.</summary>
internal sealed class EngineRun : IDisposable
{
    private readonly AzureStorageOrchestrationService _service;
    private readonly ActivityQueues _queues;
    private readonly TaskHubWorker _orchestrations;
    private readonly List<ActivityGroupWorker> _groups = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _interrupting = new();
    private readonly TimeSpan _grace;
    private readonly bool _runsOrchestrations;
    private Task _activities = Task.CompletedTask;

    public EngineRun(
        AzureStorageOrchestrationService service, ActivityQueues queues, AzureStorageEngineOptions options, OrchestrationRegistry orchestrations, ActivityRegistry activities, ILoggerFactory loggers)
    {
        _service = service;
        _queues = queues;
        _grace = options.StopGrace;
        _runsOrchestrations = options.RunsOrchestrations;
        Instances = new HubInstances(service);
        Events = new EarlyEvents(Instances, queues);
        var logger = loggers.CreateLogger<AzureStorageEngine>();
        _orchestrations = new TaskHubWorker(new RoutingOrchestrationService(service, queues), new PortOrchestrations(orchestrations, logger), new NoActivities(), loggers)
        {
            ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails,
        };
        var delivery = new ActivityDelivery(queues, activities, service, Events, options, logger);
        foreach (var (group, concurrency) in activities.Groups)
        {
            if (QueuesOf(group, options, activities) is { Count: > 0 } names)
            {
                _groups.Add(new ActivityGroupWorker(names, concurrency, queues, delivery, options, logger));
            }
        }
    }

    /// <summary>The hub's instances.</summary>
    public HubInstances Instances { get; }

    /// <summary>Raises events.</summary>
    public EarlyEvents Events { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _queues.CreateAsync(cancellationToken);
        if (_runsOrchestrations)
        {
            await _orchestrations.StartAsync();
        }
        else
        {
            await _service.CreateIfNotExistsAsync();
        }

        _activities = Task.WhenAll(_groups.Select(group => Task.Run(() => group.RunAsync(_stopping.Token, _interrupting.Token), CancellationToken.None)));
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _interrupting.CancelAfter(_grace);
        await Task.WhenAll(_activities, _runsOrchestrations ? _orchestrations.StopAsync(isForced: true) : Task.CompletedTask);
    }

    public void Dispose()
    {
        foreach (var group in _groups)
        {
            group.Dispose();
        }

        _orchestrations.Dispose();
        _service.Dispose();
        _stopping.Dispose();
        _interrupting.Dispose();
    }

    // The last registered stage first: what is nearly done is finished before something new is begun.
    private List<string> QueuesOf(string group, AzureStorageEngineOptions options, ActivityRegistry activities)
    {
        if (group == ActivityGroups.Default)
        {
            return options.Activities is null or { DefaultGroup: true } ? [_queues.NameOf(null)] : [];
        }

        return [.. activities.All.Where(item => item.Group == group && options.Takes(item)).Reverse().Select(item => _queues.NameOf(item.Activity.Name))];
    }
}
