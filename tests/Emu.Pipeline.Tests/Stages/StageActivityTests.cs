using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Stages;

public sealed partial class StageActivityTests : IDisposable
{
    private static readonly StageOptions Options = new() { CancellationInterval = TimeSpan.FromMilliseconds(10), ProgressInterval = TimeSpan.FromMilliseconds(1) };

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly JobService _jobs;

    public StageActivityTests()
    {
        _store = FolderArtifactStore.OpenOwned(_folder.Path);
        _jobs = new JobService(_store, null);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_Done_CreatesAManifestAndDoesNotRunAgain()
    {
        var stage = new TestStage(StageNames.Keyframe);
        var call = await CallAsync();

        var first = await Activity(stage).RunAsync(call, 1, Cancellation);
        var second = await Activity(stage).RunAsync(call, 2, Cancellation);

        var manifest = await ManifestAsync(call);
        var file = Assert.Single(manifest.Files);
        var content = (await _store.ReadAsync(file.Artifact, Cancellation))!.Content;
        Assert.Equal(first, second);
        Assert.True(first.Done);
        Assert.Single(stage.Runs);
        Assert.Equal(("out.txt", content.Length), (file.Name, file.Length));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content.Span)), file.Sha256);
        Assert.Equal((1, 1), ((await new StoredJobProgress(_store).FindAsync(call.JobId, Cancellation))!.UnitsDone, (await new StoredJobProgress(_store).FindAsync(call.JobId, Cancellation))!.Ordinal));
    }

    [Fact]
    public async Task RunAsync_FileWrittenInParts_HasItsHashAndLength()
    {
        var stage = new TestStage(StageNames.Keyframe, async (run, token) => StageOutcome.Done(
        [
            await run.WriteAsync("empty", (_, _) => Task.CompletedTask, token),
            await run.WriteAsync(
                "parts",
                async (stream, inner) =>
                {
                    stream.Write([1, 2]);
                    stream.WriteByte(3);
                    await stream.FlushAsync(inner);
                    await stream.WriteAsync(new byte[100_000], inner);
                    await stream.DisposeAsync();
                },
                token),
        ]));
        var call = await CallAsync();

        await Activity(stage).RunAsync(call, 1, Cancellation);

        var manifest = await ManifestAsync(call);
        Assert.Equal([0L, 100_003], manifest.Files.Select(file => file.Length));
        foreach (var file in manifest.Files)
        {
            var content = (await _store.ReadAsync(file.Artifact, Cancellation))!.Content;
            Assert.Equal(file.Length, content.Length);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content.Span)), file.Sha256);
        }
    }

    [Fact]
    public async Task RunAsync_FileFailsHalfWay_StoresNothing()
    {
        var stage = new TestStage(StageNames.Keyframe, async (run, token) =>
        {
            await run.WriteAsync(
                "half",
                async (stream, inner) =>
                {
                    await stream.WriteAsync(new byte[100_000], inner);
                    throw new InvalidDataException("half");
                },
                token);
            return null!;
        });
        var call = await CallAsync();

        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => Activity(stage).RunAsync(call, 1, Cancellation));

        Assert.Equal("Stage keyframe failed: InvalidDataException: half", failed.Failure.Message);
        Assert.Equal(0, await ((IArtifactStore)_store).CountAsync($"jobs/{call.JobId}/{StageNames.Keyframe}/", 10, Cancellation));
    }

    [Fact]
    public async Task RunAsync_DoneFromOtherInput_IsAnError()
    {
        var stage = new TestStage(StageNames.Keyframe);
        var call = await CallAsync();
        await Activity(stage).RunAsync(call, 1, Cancellation);

        stage.Fingerprint = "model 2";
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => Activity(stage).RunAsync(call, 1, Cancellation));

        Assert.Equal((FailureCodes.InputMismatch, false), (failed.Failure.Code, failed.Failure.Retryable));
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException), FailureCodes.InternalError, true)]
    [InlineData(typeof(OutOfMemoryException), FailureCodes.OutOfMemory, true)]
    public async Task RunAsync_BodyThrows_IsAFailureWithItsKind(Type exception, string code, bool retryable)
    {
        var stage = new TestStage(StageNames.Keyframe, (_, _) => throw (Exception)Activator.CreateInstance(exception)!);

        var failed = await Assert.ThrowsAsync<ActivityFailedException>(async () => await Activity(stage).RunAsync(await CallAsync(), 1, Cancellation));

        Assert.Equal((code, retryable), (failed.Failure.Code, failed.Failure.Retryable));
    }

    [Fact]
    public async Task RunAsync_InputNotThere_Fails()
    {
        var call = await CallAsync() with { Reads = [StageNames.Keyframe] };

        var undone = await Assert.ThrowsAsync<ActivityFailedException>(() => Activity(new TestStage(StageNames.Animate)).RunAsync(call, 1, Cancellation));
        await Activity(new TestStage(StageNames.Keyframe)).RunAsync(call with { Reads = [] }, 1, Cancellation);
        var asks = new TestStage(StageNames.Animate, async (run, token) =>
        {
            await run.OpenInputAsync(StageNames.Keyframe, "other.txt", token);
            return null!;
        });
        var missing = await Assert.ThrowsAsync<ActivityFailedException>(() => Activity(asks).RunAsync(call, 1, Cancellation));

        Assert.Equal(FailureCodes.MissingInput, undone.Failure.Code);
        Assert.Equal("Stage animate needs 'other.txt', which stage keyframe did not leave.", missing.Failure.Message);
    }

    [Fact]
    public async Task RunAsync_SliceWithoutProgress_Fails()
    {
        var stage = new TestStage(StageNames.Animate, async (run, token) => StageOutcome.Continue(3, await TestStage.WriteAsync(run, "c", "x", token)));

        var failed = await Assert.ThrowsAsync<ActivityFailedException>(async () => await Activity(stage).RunAsync(await CallAsync() with { Unit = 3 }, 1, Cancellation));

        Assert.Equal(FailureCodes.InternalError, failed.Failure.Code);
    }

    [Fact]
    public async Task RunAsync_Chunks_ReportTheWholeStagesProgress()
    {
        var chunks = new TestStage(StageNames.Upsample, async (run, token) =>
        {
            await run.ReportAsync(1, 2, token);
            return await TestStage.WriteOutputAsync(run, token);
        });
        var call = await CallAsync() with { Span = new StageSpan(4, 5, 72, 90), Chunks = 4 };
        var seen = new List<(int Done, int Percent)>();
        for (var chunk = 0; chunk < 4; chunk++)
        {
            await Activity(chunks).RunAsync(call with { Chunk = chunk }, 1, Cancellation);
            var progress = (await new StoredJobProgress(_store).FindAsync(call.JobId, Cancellation))!;
            seen.Add((progress.UnitsDone, progress.Percent));
        }

        Assert.Equal([(100, 76), (200, 81), (300, 85), (400, 90)], seen);
    }

    [Fact]
    public async Task RunAsync_Done_ReportsEveryUnitAndTheStageAsDone()
    {
        JobProgress? last = null;
        var stage = new TestStage(StageNames.Animate, async (run, token) =>
        {
            await run.ReportAsync(1, 25, token);
            await run.ReportAsync(25, 25, token);
            last = await new StoredJobProgress(_store).FindAsync(run.Job.Id, token);
            return await TestStage.WriteOutputAsync(run, token);
        });
        var call = await CallAsync();

        await new StageActivity(stage, _store, Options with { ProgressInterval = TimeSpan.FromHours(1) }).RunAsync(call, 1, Cancellation);

        var progress = (await new StoredJobProgress(_store).FindAsync(call.JobId, Cancellation))!;
        Assert.Equal((25, 25, 20, true), (progress.UnitsDone, progress.UnitsTotal, progress.Percent, progress.StageDone));
        Assert.False(last!.StageDone);
        Assert.True(progress.Version > last.Version);
    }

    [Fact]
    public async Task Budget_NotStarted_IsNeverSpent()
    {
        var clock = new ShiftedClock();
        var spent = new List<bool>();
        var stage = new TestStage(StageNames.Animate, async (run, token) =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            spent.Add(run.Budget.IsSpent);
            run.Budget.Start();
            spent.Add(run.Budget.IsSpent);
            clock.Advance(TimeSpan.FromSeconds(19));
            spent.Add(run.Budget.IsSpent);
            clock.Advance(TimeSpan.FromSeconds(1));
            spent.Add(run.Budget.IsSpent);
            return await TestStage.WriteOutputAsync(run, token);
        });

        await new StageActivity(stage, _store, Options, clock).RunAsync(await CallAsync(), 1, Cancellation);

        Assert.Equal([false, false, false, true], spent);
    }

    [Fact]
    public async Task RunAsync_CalledByTheEngine_ReadsAndReturnsJson()
    {
        var input = JsonSerializer.SerializeToElement(await CallAsync(), PipelineJson.Options);

        var output = await Activity(new TestStage(StageNames.Keyframe)).RunAsync(new ActivityInvocation("x", StageNames.Keyframe, 1, input), Cancellation);

        Assert.Equal("""{"done":true,"unit":0}""", output.GetRawText());
    }

    private StageActivity Activity(TestStage stage) => new(stage, _store, Options);

    private async Task<StageCall> CallAsync()
    {
        await _jobs.Models.PublishAsync(TestModels.Sticker, Cancellation);
        var created = await _jobs.CreateAsync("local", TestModels.Video(), null, null, Cancellation);
        return new StageCall(created.Job.Record.Id, new StageSpan(1, 5, 0, 20), []);
    }

    private async Task<StageManifest> ManifestAsync(StageCall call) => (await new StageManifests(_store, call.JobId).FindAsync(StageNames.Keyframe, Cancellation))!;
}
