using Emu.Durable;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage;
using Emu.Local.CommandLine;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Upkeep;

namespace Emu.Local.Hosting;

/// <summary>How a host runs jobs.</summary>
public sealed record LocalHostOptions
{
    /// <summary>The artifacts' folder, if they do not lie in blob storage.</summary>
    public required string StoreFolder { get; init; }

    /// <summary>The engine's folder; null keeps its state in memory.</summary>
    public string? EngineFolder { get; init; }

    /// <summary>A storage connection string or an account's blob address; null keeps artifacts in the folder.</summary>
    public string? Storage { get; init; }

    /// <summary>The engine that this host shares with others; null for the embedded one.</summary>
    public AzureStorageEngineOptions? SharedEngine { get; init; }

    /// <summary>How jobs are taken and kept.</summary>
    public JobServiceOptions Jobs { get; init; } = new();

    /// <summary>How stages run.</summary>
    public StageOptions Stages { get; init; } = new();

    /// <summary>Whether progress and models' capabilities stay in memory: for a process that runs one job.</summary>
    public bool KeepsProgressInMemory { get; init; }

    /// <summary>How many encodes run at once; 2 by default.</summary>
    public int MediaConcurrency { get; init; } = 2;

    /// <summary>The options of a data folder.</summary>
    public static LocalHostOptions On(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new LocalHostOptions { StoreFolder = data.Store, EngineFolder = data.Engine };
    }
}

/// <summary>Composes a host on one machine: store, pipeline, stages and the engine, in the order in which they start.</summary>
public static class LocalHost
{
    /// <summary>Opens the store and adds everything that runs jobs.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">How jobs run.</param>
    /// <param name="addStages">Adds the stages, and publishes the models that they run.</param>
    /// <param name="cancellationToken">Gives up opening the store.</param>
    public static async Task AddEmuAsync(this IServiceCollection services, LocalHostOptions options, Action<IServiceCollection> addStages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(addStages);
        services.AddSingleton<IHostLifetime, CallerLifetime>();
        var store = options.SharedEngine is { } hub
            ? new ArtifactStoreOptions { Storage = hub.Storage, Container = hub.TaskHub, IsShared = true }
            : new ArtifactStoreOptions { Folder = options.StoreFolder, Storage = options.Storage };
        services.AddArtifactStore(await ArtifactStoreConnection.OpenAsync(store, cancellationToken));
        services.AddEmuPipeline(new PipelineOptions
        {
            Jobs = options.Jobs,
            Stages = options.Stages,
            Sweep = options.Storage is null ? new SweepOptions() : new SweepOptions { Interval = TimeSpan.FromSeconds(30) },
            InMemoryProgress = options.KeepsProgressInMemory,
        });
        addStages(services);
        var groups = new Dictionary<string, int> { [ActivityGroups.Model] = 1, [ActivityGroups.Media] = options.MediaConcurrency };
        if (options.SharedEngine is { } shared)
        {
            services.AddAzureStorageEngine(shared with { ActivityGroups = groups });
            services.AddSingleton<IOrchestrationClient>(provider => new StoredOrchestrationClient(provider.GetRequiredService<AzureStorageEngine>()));
        }
        else
        {
            services.AddEmbeddedEngine(new DurableEngineOptions { DataFolder = options.EngineFolder, ActivityGroups = groups });
        }
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
