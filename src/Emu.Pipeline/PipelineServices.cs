using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Formats;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Upkeep;
using Emu.Pipeline.Versions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Emu.Pipeline;

/// <summary>How a host runs the pipeline.</summary>
public sealed record PipelineOptions
{
    /// <summary>How jobs are created and kept.</summary>
    public JobServiceOptions Jobs { get; init; } = new();

    /// <summary>How stages are run.</summary>
    public StageOptions Stages { get; init; } = new();

    /// <summary>Intervals of the sweep and retention.</summary>
    public SweepOptions Sweep { get; init; } = new();

    /// <summary>
    /// Whether the progress of jobs and the capabilities of models are kept in memory instead of the store. For a process that runs
    /// its own jobs only: other processes see neither.
    /// </summary>
    public bool InMemoryProgress { get; init; }
}

/// <summary>Registers the pipeline in a host.</summary>
public static class PipelineServices
{
    /// <summary>
    /// Adds jobs, models, progress, the jobs' orchestrations and the activity that ends them; at start the store's version is checked.
    /// The host adds an <see cref="IArtifactStore"/>, and may add an <see cref="IOrchestrationClient"/>, an <see cref="IFreeSpace"/>, a
    /// <see cref="TimeProvider"/>, an <see cref="IModelCatalog"/> or <see cref="IJobProgressStore"/> of its own (before this call), and any
    /// number of <see cref="IJobEndListener"/>s.
    /// </summary>
    public static IServiceCollection AddEmuPipeline(this IServiceCollection services, PipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options.Jobs).AddSingleton(options.Stages).AddSingleton(options.Sweep);
        if (options.InMemoryProgress)
        {
            services.TryAddSingleton<IModelCatalog, InMemoryModelCatalog>();
            services.TryAddSingleton<IJobProgressStore, InMemoryJobProgress>();
        }
        else
        {
            services.TryAddSingleton<IModelCatalog, StoredModelCatalog>();
            services.TryAddSingleton<IJobProgressStore, StoredJobProgress>();
        }

        services.AddSingleton<JobSignals>().AddSingleton<JobRecords>().AddSingleton<JobFinisher>().AddSingleton<JobService>().AddSingleton<JobFormats>().AddSingleton<EditSessions>();
        services.AddOrchestration<VideoOrchestration>().AddOrchestration<ImageOrchestration>().AddOrchestration<EditOrchestration>().AddOrchestration<SlicesOrchestration>().AddOrchestration<FormatOrchestration>();
        services.AddActivity(provider => new FinishActivity(provider.GetRequiredService<JobFinisher>()));
        return services.AddHostedService<StoreVersionService>();
    }

    /// <summary>Adds a stage as the activity of its name. Call after <see cref="AddEmuPipeline"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="create">Creates the stage; called once.</param>
    /// <param name="group">The group whose limit on concurrent activities it counts in.</param>
    public static IServiceCollection AddStage(this IServiceCollection services, Func<IServiceProvider, IStage> create, string group)
    {
        ArgumentNullException.ThrowIfNull(create);
        return services.AddActivity(provider => ActivatorUtilities.CreateInstance<StageActivity>(provider, create(provider)), group);
    }

    /// <summary>Adds the stage that makes further formats of completed jobs. Call after <see cref="AddEmuPipeline"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="create">Creates the stage; called once.</param>
    /// <param name="group">The group whose limit on concurrent activities it counts in.</param>
    public static IServiceCollection AddFormatStage(this IServiceCollection services, Func<IServiceProvider, IStage> create, string group)
    {
        ArgumentNullException.ThrowIfNull(create);
        return services.AddActivity(provider => ActivatorUtilities.CreateInstance<FormatActivity>(provider, create(provider)), group);
    }

    /// <summary>
    /// Adds the sweep and retention, which run in the background in one process at a time. Needs an
    /// <see cref="IOrchestrationClient"/>. If one of them fails, the host stops.
    /// </summary>
    public static IServiceCollection AddJobUpkeep(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton<JobSweep>().AddSingleton<JobRetention>();
        services.AddUpkeepTask(provider => new UpkeepTask("sweep", provider.GetRequiredService<JobSweep>().RunAsync));
        return services.AddUpkeepTask(provider => new UpkeepTask("retention", provider.GetRequiredService<JobRetention>().RunAsync));
    }

    // Before any other service starts, so that nothing is written into a store of another version.
    private sealed class StoreVersionService(IArtifactStore store) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => StoreVersion.InitializeAsync(store, cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
