using Emu.Durable.Abstractions.Engines;
using Emu.Hosting;
using Emu.Local.CommandLine;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Hosting;

/// <summary>How a host runs jobs on one machine.</summary>
public static class LocalHostOptions
{
    /// <summary>The options of a data folder.</summary>
    public static JobHostOptions On(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new JobHostOptions { StoreFolder = data.Store, EngineFolder = data.Engine };
    }
}

/// <summary>Hosts of the command line.</summary>
public static class LocalHost
{
    /// <summary>Opens the store and adds everything that runs jobs, in a host that stops when its caller says so.</summary>
    /// <inheritdoc cref="JobHost.AddJobsAsync"/>
    public static Task AddEmuAsync(this IServiceCollection services, JobHostOptions options, Action<IServiceCollection> addStages, CancellationToken cancellationToken)
    {
        services.AddSingleton<IHostLifetime, CallerLifetime>();
        return services.AddJobsAsync(options, addStages, cancellationToken);
    }

    /// <summary>Waits until the caller asks the host to stop.</summary>
    /// <exception cref="CommandFailedException">The host stopped by itself, because it can no longer work.</exception>
    public static async Task RunUntilStoppedAsync(this IHost host, CancellationToken cancellationToken)
    {
        await host.WaitForShutdownAsync(cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
        {
            // A fault of the engine says more than that the host stopped.
            await host.Services.GetRequiredService<IDurableEngine>().Completion;
            throw new CommandFailedException("The work stopped by itself; the messages above say why.");
        }
    }

    /// <summary>Waits until no job is queued or running.</summary>
    /// <exception cref="CommandFailedException">The engine stopped first.</exception>
    public static async Task DrainAsync(this IHost host, CancellationToken cancellationToken)
    {
        var store = host.Services.GetRequiredService<IArtifactStore>();
        var engine = host.Services.GetRequiredService<IDurableEngine>();
        while (await store.CountAsync(JobNames.InFlight, 1, cancellationToken) > 0)
        {
            if (engine.Completion.IsCompleted)
            {
                await engine.Completion;
                throw new CommandFailedException("The engine stopped with jobs unfinished.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    /// <summary>Signals are the command line's to handle: the host stops when its caller says so.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
