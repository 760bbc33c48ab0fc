using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage;
using Emu.Durable.Scheduler;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Emu.Hosting;

/// <summary>What processes that work together share: an engine's task hub, and the blob storage beside it.</summary>
public abstract record SharedHub
{
    /// <summary>A storage connection string or an account's blob address, for artifacts.</summary>
    public abstract string Storage { get; }

    /// <summary>The engine's options.</summary>
    public abstract SharedEngineOptions Engine { get; }

    /// <summary>The name of the task hub.</summary>
    public string TaskHub => Engine.TaskHub;

    /// <summary>The name of the container with jobs and artifacts; others begin with it.</summary>
    public string Container => TaskHub.ToLowerInvariant();

    /// <summary>The hub as a process uses it that does some of the work only.</summary>
    /// <param name="activities">What it takes; null for everything.</param>
    /// <param name="runsOrchestrations">Whether it runs orchestrations.</param>
    public SharedHub With(TakenActivities? activities, bool runsOrchestrations = true) =>
        With(Engine with { Activities = activities, RunsOrchestrations = runsOrchestrations });

    /// <summary>The hub with other options of its engine.</summary>
    /// <param name="engine">Options of the same type.</param>
    public abstract SharedHub With(SharedEngineOptions engine);

    /// <summary>Checks that storage and engine answer, and that the hub, if there is one of that name, is one that this program reads. Makes nothing.</summary>
    /// <returns>Whether the hub is there.</returns>
    /// <exception cref="DurableDataVersionException">The hub is another program's, or of another version.</exception>
    /// <exception cref="DurableEngineUnavailableException">The engine's service does not answer or refuses.</exception>
    /// <exception cref="Emu.Pipeline.Artifacts.ArtifactStoreException">The storage does not answer or refuses.</exception>
    public abstract Task<bool> CheckAsync(CancellationToken cancellationToken);

    /// <summary>Adds the engine to a host, and a client whose failures are those of a store (<see cref="AddClient"/>).</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="groups">How many activities of a group run at once.</param>
    protected internal abstract void AddEngine(IServiceCollection services, IReadOnlyDictionary<string, int> groups);

    /// <summary>A client of the engine whose failures are those of a store.</summary>
    protected static void AddClient<TEngine>(IServiceCollection services)
        where TEngine : class, IOrchestrationClient =>
        services.AddSingleton<IOrchestrationClient>(provider => new StoredOrchestrationClient(provider.GetRequiredService<TEngine>()));
}

/// <summary>A hub in Azure Storage or Azurite, which holds the engine's own data too.</summary>
/// <param name="Options">The engine's options.</param>
public sealed record AzureStorageHub(AzureStorageEngineOptions Options) : SharedHub
{
    /// <inheritdoc/>
    public override string Storage => Options.Storage;

    /// <inheritdoc/>
    public override SharedEngineOptions Engine => Options;

    /// <inheritdoc/>
    public override SharedHub With(SharedEngineOptions engine) => new AzureStorageHub((AzureStorageEngineOptions)engine);

    /// <inheritdoc/>
    public override Task<bool> CheckAsync(CancellationToken cancellationToken) => AzureStorageEngine.CheckAsync(Options, cancellationToken);

    /// <inheritdoc/>
    protected internal override void AddEngine(IServiceCollection services, IReadOnlyDictionary<string, int> groups)
    {
        services.AddAzureStorageEngine(Options with { ActivityGroups = groups });
        AddClient<AzureStorageEngine>(services);
    }
}

/// <summary>A hub of a Durable Task Scheduler, with a storage for artifacts beside it.</summary>
/// <param name="Options">The engine's options.</param>
/// <param name="BlobStorage">The storage.</param>
public sealed record SchedulerHub(SchedulerEngineOptions Options, string BlobStorage) : SharedHub
{
    /// <inheritdoc/>
    public override string Storage => BlobStorage;

    /// <inheritdoc/>
    public override SharedEngineOptions Engine => Options;

    /// <inheritdoc/>
    public override SharedHub With(SharedEngineOptions engine) => this with { Options = (SchedulerEngineOptions)engine };

    /// <inheritdoc/>
    public override async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        await SchedulerEngine.CheckAsync(Options, cancellationToken);
        await BlobArtifactStore.ExistsAsync(BlobStorage, Container, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    protected internal override void AddEngine(IServiceCollection services, IReadOnlyDictionary<string, int> groups)
    {
        services.AddSchedulerEngine(Options with { ActivityGroups = groups });
        AddClient<SchedulerEngine>(services);
    }
}
