using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Upkeep;

/// <summary>Work in the background that one process at a time does, however many share the store.</summary>
/// <param name="Name">What it is, for logs.</param>
/// <param name="RunAsync">Does it until cancelled.</param>
public sealed record UpkeepTask(string Name, Func<CancellationToken, Task> RunAsync);

/// <summary>Adds upkeep to a host.</summary>
public static class UpkeepServices
{
    /// <summary>Adds a task, and the service that runs all of them while this process is the one to do so.</summary>
    public static IServiceCollection AddUpkeepTask(this IServiceCollection services, Func<IServiceProvider, UpkeepTask> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        services.AddSingleton(create);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UpkeepService>());
        return services;
    }

    /// <summary>Takes the service out again, for a host that does each task itself when its own timers say so. Call last.</summary>
    public static IServiceCollection RemoveUpkeepService(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        foreach (var descriptor in services.Where(descriptor => descriptor.ImplementationType == typeof(UpkeepService)).ToList())
        {
            services.Remove(descriptor);
        }

        return services;
    }
}

/// <summary>
/// Runs the upkeep: at once if this process has the store for itself, else while it holds the shared container's lease; when the
/// process that holds it ends, another one takes over within a minute and a half. A task that fails stops the host.
/// </summary>
internal sealed class UpkeepService(IEnumerable<UpkeepTask> tasks, ILogger<UpkeepService> logger, ArtifactStoreConnection? connection = null) : BackgroundService
{
    private static readonly TimeSpan TurnInterval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (connection?.Shared is not { } shared)
        {
            await RunTasksAsync(stoppingToken);
            return;
        }

        using var timer = new PeriodicTimer(TurnInterval);
        do
        {
            try
            {
                await using var lease = await shared.HoldAsync(stoppingToken);
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lease.Lost);
                await RunTasksAsync(turn.Token);
            }
            catch (ContainerInUseException)
            {
                // Another process does it.
            }
            catch (ArtifactStoreException exception) when (exception.Retryable)
            {
                logger.LogWarning("The upkeep waits: {Reason}", exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Returns when cancelled; the first task that fails ends the others.
    private async Task RunTasksAsync(CancellationToken cancellationToken)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(tasks.Select(task => RunTaskAsync(task, together)));
    }

    private async Task RunTaskAsync(UpkeepTask task, CancellationTokenSource together)
    {
        try
        {
            await task.RunAsync(together.Token);
        }
        catch (OperationCanceledException) when (together.IsCancellationRequested)
        {
            // The turn is over, or another task has failed.
        }
        catch (Exception exception)
        {
            logger.LogCritical(exception, "The {Upkeep} of jobs failed", task.Name);
            await together.CancelAsync();
            throw;
        }
    }
}
