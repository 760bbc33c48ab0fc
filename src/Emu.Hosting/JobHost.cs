using Emu.Durable;
using Emu.Durable.Abstractions;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Upkeep;
using Microsoft.Extensions.DependencyInjection;

namespace Emu.Hosting;

/// <summary>How a host runs jobs.</summary>
public sealed record JobHostOptions
{
    /// <summary>The artifacts' folder, if they do not lie in blob storage.</summary>
    public string? StoreFolder { get; init; }

    /// <summary>The embedded engine's folder; null keeps its state in memory.</summary>
    public string? EngineFolder { get; init; }

    /// <summary>A storage connection string or an account's blob address; null keeps artifacts in the folder.</summary>
    public string? Storage { get; init; }

    /// <summary>The hub that this host shares with others; null for the embedded engine.</summary>
    public SharedHub? Hub { get; init; }

    /// <summary>How jobs are taken and kept.</summary>
    public JobServiceOptions Jobs { get; init; } = new();

    /// <summary>How stages run.</summary>
    public StageOptions Stages { get; init; } = new();

    /// <summary>Whether progress and models' capabilities stay in memory: for a process that runs one job.</summary>
    public bool KeepsProgressInMemory { get; init; }

    /// <summary>How many encodes run at once; 2 by default.</summary>
    public int MediaConcurrency { get; init; } = 2;
}

/// <summary>Composes a host of jobs: store, pipeline, stages and the engine, in the order in which they start.</summary>
public static class JobHost
{
    /// <summary>Opens the store and adds everything that runs jobs. One model stage runs at a time: each uses the whole device.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">How jobs run.</param>
    /// <param name="addStages">Adds the stages, and publishes the models that they run.</param>
    /// <param name="cancellationToken">Gives up opening the store.</param>
    public static async Task AddJobsAsync(this IServiceCollection services, JobHostOptions options, Action<IServiceCollection> addStages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(addStages);
        var store = options.Hub is { } shared
            ? new ArtifactStoreOptions { Storage = shared.Storage, Container = shared.Container, IsShared = true }
            : new ArtifactStoreOptions { Folder = options.StoreFolder, Storage = options.Storage };
        services.AddArtifactStore(await ArtifactStoreConnection.OpenAsync(store, cancellationToken));
        services.AddEmuPipeline(new PipelineOptions
        {
            Jobs = options.Jobs,
            Stages = options.Stages,
            Sweep = options.Hub is null && options.Storage is null ? new SweepOptions() : new SweepOptions { Interval = TimeSpan.FromSeconds(30) },
            InMemoryProgress = options.KeepsProgressInMemory,
        });
        addStages(services);
        var groups = new Dictionary<string, int> { [ActivityGroups.Model] = 1, [ActivityGroups.Media] = options.MediaConcurrency };
        if (options.Hub is { } hub)
        {
            hub.AddEngine(services, groups);
        }
        else
        {
            services.AddEmbeddedEngine(new DurableEngineOptions { DataFolder = options.EngineFolder, ActivityGroups = groups });
        }
    }
}
