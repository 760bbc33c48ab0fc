using System.Diagnostics;
using Emu.Durable;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Bench.Pipeline;

/// <summary>
/// Video jobs whole, but for their stages' bodies: the job service, records and manifests in a folder, and the real orchestration
/// (a keyframe, a clip, interpolation, four chunks, encoding, the end) on the engine.
/// </summary>
internal sealed class StoredJobs : IAsyncDisposable
{
    private const string Owner = "bench";

    private readonly BenchFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly DurableEngine _engine;
    private readonly JobService _jobs;

    private StoredJobs()
    {
        _store = FolderArtifactStore.OpenOwned(Path.Combine(_folder.Path, "store"));
        _engine = new DurableEngine(new DurableEngineOptions { DataFolder = Path.Combine(_folder.Path, "engine") }, NullLogger<DurableEngine>.Instance)
            .AddOrchestration(new VideoOrchestration())
            .AddOrchestration(new SlicesOrchestration())
            .AddActivity(new FinishActivity(new JobFinisher(_store)));
        foreach (var name in new[] { StageNames.Keyframe, StageNames.Animate, StageNames.Interpolate, StageNames.Upsample, StageNames.Encode })
        {
            _engine.AddActivity(new StageActivity(new EmptyStage(name), _store));
        }

        _jobs = new JobService(_store, _engine, _store);
    }

    /// <summary>Opens an empty data folder.</summary>
    public static async Task<StoredJobs> StartAsync(CancellationToken cancellationToken)
    {
        var stored = new StoredJobs();
        var model = new ModelCapabilities
        {
            Name = "empty",
            IsDefault = true,
            Kinds = [JobKind.Video],
            Sizes = [new FrameSize(64, 64)],
            Seconds = [4],
            FrameRate = 16,
            Steps = new NumberRange(1, 100, 25),
            VideoFormats = ["mp4"],
        };
        await stored._jobs.Models.PublishAsync(model, cancellationToken);
        await stored._engine.StartAsync(cancellationToken);
        await stored.RunAsync(cancellationToken);
        return stored;
    }

    /// <summary>Makes one job and waits for its end.</summary>
    /// <returns>Milliseconds from the request to the end.</returns>
    public async Task<double> RunAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var id = await CreateAsync(cancellationToken);
        await _engine.WaitForEndAsync(id, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Makes many jobs at once and waits until all have completed.</summary>
    public async Task RunManyAsync(int count, CancellationToken cancellationToken)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => CreateAsync(cancellationToken)));
        await _engine.DrainAsync(cancellationToken);
        foreach (var id in ids)
        {
            var job = await _jobs.GetAsync(Owner, id, cancellationToken);
            if (job.Record.State != JobState.Completed)
            {
                throw new InvalidOperationException($"{id} ended as {job.Record.State}: {job.Record.Error}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    private async Task<string> CreateAsync(CancellationToken cancellationToken) =>
        (await _jobs.CreateAsync(Owner, new JobDraft { Kind = JobKind.Video, Prompt = "nothing" }, null, null, cancellationToken)).Job.Record.Id;
}
