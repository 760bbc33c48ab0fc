using Emu.Diffusion.Sessions;
using Emu.Durable;
using Emu.Generation.Activities;
using Emu.Generation.Models;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Local.Hosting;

/// <summary>
/// The whole pipeline in this process, for one command: artifacts in a folder that it owns, orchestrations on the engine in
/// memory, models on one device. Ended by disposal, which stops what still runs.
/// </summary>
internal sealed class LocalPipeline : IAsyncDisposable
{
    // Model stages one after another: each uses every core. Chunks of frames overlap, since ffmpeg works beside the decoder.
    private const int ChunksAtOnce = 2;
    private const string ChunkGroup = "chunks";

    private readonly FolderArtifactStore _store;
    private readonly DurableEngine _engine;

    private LocalPipeline(FolderArtifactStore store, SessionCache sessions, ModelLibrary models, DurableEngine engine, JobService jobs)
    {
        _store = store;
        Sessions = sessions;
        Models = models;
        _engine = engine;
        Jobs = jobs;
    }

    /// <summary>What takes jobs and tells how they stand.</summary>
    public JobService Jobs { get; }

    /// <summary>The artifacts.</summary>
    public FolderArtifactStore Store => _store;

    /// <summary>The model packages.</summary>
    public ModelLibrary Models { get; }

    /// <summary>The loaded graphs and their device.</summary>
    public SessionCache Sessions { get; }

    /// <summary>Starts a pipeline.</summary>
    /// <param name="folder">The folder of the artifacts; owned until disposal.</param>
    /// <param name="models">The model packages' folders by name; the first is the default.</param>
    /// <param name="device">Where graphs run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LocalPipeline> StartAsync(string folder, IReadOnlyList<KeyValuePair<string, string>> models, DeviceChoice device, CancellationToken cancellationToken)
    {
        // What stages leave for each other stays as long as the folder does.
        var options = new JobServiceOptions { KeepIntermediate = true };
        var store = FolderArtifactStore.OpenOwned(folder);
        var sessions = new SessionCache(new SessionCacheOptions { Device = device });
        var library = new ModelLibrary(sessions, models);
        var engine = CreateEngine(store, library, options);
        var pipeline = new LocalPipeline(store, sessions, library, engine, new JobService(store, engine, store, options));
        try
        {
            await pipeline.Jobs.Models.PublishAsync(library, cancellationToken).ConfigureAwait(false);
            await engine.StartAsync(cancellationToken).ConfigureAwait(false);
            return pipeline;
        }
        catch
        {
            await pipeline.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync().ConfigureAwait(false);
        Sessions.Dispose();
        _store.Dispose();
    }

    private static DurableEngine CreateEngine(FolderArtifactStore store, ModelLibrary models, JobServiceOptions options)
    {
        var groups = new Dictionary<string, int> { [GenerationActivities.Group] = 1, [ChunkGroup] = ChunksAtOnce };
        var stages = new StageOptions { ProgressInterval = TimeSpan.FromMilliseconds(80) };
        var engine = new DurableEngine(new DurableEngineOptions { ActivityGroups = groups }, NullLogger<DurableEngine>.Instance)
            .AddOrchestration(new VideoOrchestration())
            .AddOrchestration(new ImageOrchestration())
            .AddOrchestration(new SlicesOrchestration())
            .AddActivity(new StageActivity(new EncodeStage(), store, stages))
            .AddActivity(new FinishActivity(new JobFinisher(store, options: options)));
        foreach (var activity in GenerationActivities.Create(models, store, stages))
        {
            engine.AddActivity(activity, activity.Name == StageNames.Upsample ? ChunkGroup : GenerationActivities.Group);
        }

        return engine;
    }
}
