using Emu.Durable;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Upkeep;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Tests;

/// <summary>A whole pipeline on a temporary folder: store, engine, stages that tests give, jobs, sweep and retention.</summary>
internal sealed class TestPipeline : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore? _owned;
    private readonly Dictionary<string, TestStage> _stages;
    private readonly TestListener _listener = new();

    private TestPipeline(IArtifactStore? store, IEnumerable<TestStage> stages)
    {
        _owned = store is null ? FolderArtifactStore.OpenOwned(Path.Combine(_folder.Path, "artifacts")) : null;
        Store = store ?? _owned!;
        _stages = DefaultStages().ToDictionary(stage => stage.Name);
        foreach (var stage in stages)
        {
            _stages[stage.Name] = stage;
        }
    }

    public static string Owner => "local";

    public IArtifactStore Store { get; }

    public ShiftedClock Clock { get; } = new();

    public JobServiceOptions Options { get; init; } = new();

    public StageOptions StageOptions { get; init; } = new() { CancellationInterval = TimeSpan.FromMilliseconds(20), ProgressInterval = TimeSpan.Zero };

    public DurableEngine Engine { get; private set; } = null!;

    public JobSignals Signals { get; } = new();

    public JobService Jobs => new(Store, Engine, null, Options, Clock, signals: Signals);

    public EditSessions Sessions => new(Store, Jobs, null, Options, Clock);

    /// <summary>The service of another process, without the engine and its signals.</summary>
    public JobService OtherProcess => new(Store, null, null, Options, Clock);

    public JobFinisher Finisher => new(Store, [_listener], Options, Clock, Signals);

    public JobSweep Sweep { get; private set; } = null!;

    public JobRetention Retention => new(Store, Engine, Options, null, Clock);

    /// <summary>The ends that listeners were notified of: id and state.</summary>
    public IReadOnlyCollection<string> Ends => _listener.Ends;

    public TestStage this[string stage] => _stages[stage];

    public static async Task<TestPipeline> StartAsync(params TestStage[] stages)
    {
        var pipeline = new TestPipeline(null, stages);
        await pipeline.PublishAsync();
        await pipeline.StartEngineAsync();
        return pipeline;
    }

    public static async Task<TestPipeline> StartAsync(IArtifactStore store)
    {
        var pipeline = new TestPipeline(store, []);
        await pipeline.PublishAsync();
        await pipeline.StartEngineAsync();
        return pipeline;
    }

    /// <summary>Stops the engine and starts another on the same data.</summary>
    public async Task RestartAsync()
    {
        await Engine.DisposeAsync();
        await StartEngineAsync();
    }

    /// <summary>Stops the engine and forgets its data, as if it had been lost.</summary>
    public async Task LoseEngineAsync()
    {
        await Engine.DisposeAsync();
        Directory.Delete(Path.Combine(_folder.Path, "engine"), recursive: true);
        await StartEngineAsync();
    }

    public async Task<JobSnapshot> WaitAsync(string id, string? owner = null) =>
        await Jobs.WaitForEndAsync(owner ?? Owner, id, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public async Task<List<string>> NamesAsync(string prefix = "")
    {
        var names = new List<string>();
        await foreach (var file in Store.ListAsync(prefix, null, TestContext.Current.CancellationToken))
        {
            names.Add(file.Name);
        }

        return names;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _owned?.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<TestStage> DefaultStages()
    {
        yield return new TestStage(StageNames.Keyframe, async (run, token) => StageOutcome.Done(
        [
            await TestStage.WriteAsync(run, StageFiles.KeyframeLatents, run.InputHash, token),
            await TestStage.WriteAsync(run, StageFiles.KeyframePicture, "picture", token),
        ]));
        yield return new TestStage(StageNames.Animate);
        yield return new TestStage(StageNames.Interpolate, async (run, token) => StageOutcome.Done((await TestStage.WriteOutputAsync(run, token)).Files!, 3));
        yield return new TestStage(StageNames.Upsample);
        yield return new TestStage(StageNames.Understand);
        yield return new TestStage(StageNames.Mask);
        yield return new TestStage(StageNames.Edit);
        yield return new TestStage(StageNames.Composite, async (run, token) => StageOutcome.Done([(await TestStage.WriteAsync(run, "image.png", run.InputHash, token)) with { Media = new MediaFacts(64, 48, 1, null) }]));
        yield return new TestStage(StageNames.Encode, async (run, token) => StageOutcome.Done([await TestStage.WriteAsync(run, "video.mp4", run.InputHash, token)]));
    }

    private Task PublishAsync() => Jobs.Models.PublishAsync(TestModels.Sticker, TestContext.Current.CancellationToken);

    private async Task StartEngineAsync()
    {
        Engine = new DurableEngine(new DurableEngineOptions { DataFolder = Path.Combine(_folder.Path, "engine") }, NullLogger<DurableEngine>.Instance);
        Engine.AddOrchestration(new VideoOrchestration()).AddOrchestration(new ImageOrchestration()).AddOrchestration(new EditOrchestration()).AddOrchestration(new SlicesOrchestration());
        foreach (var stage in _stages.Values)
        {
            Engine.AddActivity(new StageActivity(stage, Store, StageOptions, Clock, progress: new StoredJobProgress(Store, Signals)));
        }

        Engine.AddActivity(new FinishActivity(Finisher));
        await Engine.StartAsync(TestContext.Current.CancellationToken);
        Sweep = new JobSweep(Store, Engine, Finisher, Options, null, Clock);
    }

    private sealed class TestListener : IJobEndListener
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _ends = new();

        public IReadOnlyCollection<string> Ends => [.. _ends];

        public Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken)
        {
            _ends.Enqueue($"{job.Id} {job.State}");
            return Task.CompletedTask;
        }
    }
}
