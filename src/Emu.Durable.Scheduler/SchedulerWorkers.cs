using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler.Activities;
using Emu.Durable.Scheduler.Connection;
using Emu.Durable.Scheduler.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Grpc;
using Microsoft.DurableTask.Worker.Grpc.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ActivityFilter = Microsoft.DurableTask.Worker.DurableTaskWorkerWorkItemFilters.ActivityFilter;
using OrchestrationFilter = Microsoft.DurableTask.Worker.DurableTaskWorkerWorkItemFilters.OrchestrationFilter;

namespace Emu.Durable.Scheduler;

/// <summary>
/// The SDK's workers: one for orchestrations and light work, and one for each further group of activities. Each has a stream of its
/// own, on which the service sends only what the worker names, and no more activities at once than the group allows.
/// </summary>
internal sealed class SchedulerWorkers : IAsyncDisposable
{
    private readonly SchedulerEngineOptions _options;
    private readonly OrchestrationRegistry _orchestrations;
    private readonly ActivityRegistry _activities;
    private readonly CancellationTokenSource _stopping = new();
    private readonly RunningActivities _running = new();
    private readonly List<SchedulerConnection> _connections = [];
    private readonly Dictionary<string, SemaphoreSlim> _groups;
    private readonly Dictionary<string, SchedulerActivity> _tasks;
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IHostedService> _workers;

    public SchedulerWorkers(SchedulerEngineOptions options, OrchestrationRegistry orchestrations, ActivityRegistry activities, ILoggerFactory loggers)
    {
        _options = options;
        _orchestrations = orchestrations;
        _activities = activities;
        var invoker = new ActivityInvoker(activities, loggers.CreateLogger<SchedulerEngine>());
        _groups = activities.Groups.ToDictionary(group => group.Key, group => new SemaphoreSlim(group.Value));
        _tasks = activities.All.ToDictionary(
            item => item.Activity.Name, item => new SchedulerActivity(item, options.Takes(item), _groups[item.Group], invoker, _stopping.Token));

        var services = new ServiceCollection();
        services.AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        foreach (var (group, concurrency) in activities.Groups)
        {
            var taken = activities.All.Where(item => item.Group == group && options.Takes(item)).Select(item => item.Activity.Name).ToArray();
            var runsOrchestrations = group == ActivityGroups.Default && options.RunsOrchestrations;
            if (taken.Length > 0 || runsOrchestrations)
            {
                AddWorker(services, group, concurrency, taken, runsOrchestrations ? orchestrations.Names : []);
            }
        }

        _services = services.BuildServiceProvider();
        _workers = [.. _services.GetServices<IHostedService>()];
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_workers.Select(worker => worker.StartAsync(cancellationToken)));

    /// <summary>Takes nothing more, interrupts the running activities when the grace is over, and waits until their answers are sent.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(_workers.Select(worker => worker.StopAsync(CancellationToken.None)));
        _stopping.CancelAfter(_options.StopGrace);
        await _running.WaitForNoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _connections.ForEach(connection => connection.Dispose());
        foreach (var group in _groups.Values)
        {
            group.Dispose();
        }

        _stopping.Dispose();
    }

    private void AddWorker(IServiceCollection services, string name, int concurrency, IReadOnlyList<string> taken, IReadOnlyCollection<string> orchestrations)
    {
        var connection = new SchedulerConnection(_options, SchedulerConnection.NewWorkerId());
        _connections.Add(connection);
        services.AddDurableTaskWorker(name, builder => builder
            .AddTasks(Register)
            .UseWorkItemFilters(new DurableTaskWorkerWorkItemFilters
            {
                Orchestrations = [.. orchestrations.Select(orchestration => new OrchestrationFilter(orchestration, []))],
                Activities = [.. taken.Select(activity => new ActivityFilter(activity, []))],
            })
            .Configure(options =>
            {
                options.DataConverter = RawJson.Instance;
                options.Concurrency.MaximumConcurrentActivityWorkItems = concurrency;
                options.Logging.UseLegacyCategories = false;
            })
            .UseGrpc(options => Connect(options, connection)));
    }

    // Everything is registered with each worker: what a service sends in spite of the filters is given back, not failed.
    private void Register(DurableTaskRegistry tasks)
    {
        // Without a version: the code finds the instance's own, or says that it is not there.
        foreach (var orchestration in _orchestrations.Names)
        {
            tasks.AddOrchestrator(new TaskName(orchestration), () => new SchedulerOrchestrator(_orchestrations, _activities));
        }

        foreach (var (name, task) in _tasks)
        {
            tasks.AddActivity(new TaskName(name), task);
        }
    }

    private void Connect(GrpcDurableTaskWorkerOptions options, SchedulerConnection connection)
    {
        options.Channel = connection.Channel;
        options.Interceptors.Add(new WorkItemAnswers(connection, _options.RequestTimeout));
        options.ConfigureForAzureManaged();
        options.SetChannelRecreator(connection.ReplaceAsync);
        options.ConfigureActivityNotification(phase =>
        {
            if (phase == ActivityNotificationPhase.Started)
            {
                _running.Begin();
            }
            else
            {
                _running.End();
            }
        });
    }
}
