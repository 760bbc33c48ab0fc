using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Upkeep;

namespace Emu.Pipeline.Tests.Upkeep;

public sealed class JobSweepTests
{
    private const string Owner = "local";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunOnceAsync_RecordsWithoutAnInstance_StartsThem()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id);
        }

        var report = await pipeline.Sweep.RunOnceAsync(Cancellation);

        Assert.Equal((5, 5), (report.InFlight, report.Started));
        foreach (var id in ids)
        {
            Assert.Equal(JobStatus.Completed, (await pipeline.WaitAsync(id)).Status);
        }

        await pipeline.Engine.DrainAsync(Cancellation);
        Assert.Equal(new SweepReport(0, 0, 0, 0, 0, 0), await pipeline.Sweep.RunOnceAsync(Cancellation));
    }

    [Fact]
    public async Task RunOnceAsync_InstanceDied_ClosesTheJob()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await pipeline.Engine.TerminateAsync(id, "an operator", Cancellation);

        var report = await pipeline.Sweep.RunOnceAsync(Cancellation);

        var job = await pipeline.Jobs.GetAsync(Owner, id, Cancellation);
        Assert.Equal(1, report.Closed);
        Assert.Equal(FailureCodes.OrchestrationLost, job.Record.Error!.Code);
        Assert.Equal([$"{id} Failed"], pipeline.Ends);
        Assert.Empty(await pipeline.NamesAsync("inflight/"));
    }

    [Fact]
    public async Task RunOnceAsync_InstanceDiedAfterItsLastStage_CompletesTheJob()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await new StageActivity(pipeline[StageNames.Encode], pipeline.Store).RunAsync(new StageCall(id, new StageSpan(5, 5, 90, 99), []), 1, Cancellation);
        await pipeline.Engine.StartIfAbsentAsync("slices", id, null, Cancellation);
        await pipeline.Engine.WaitForEndAsync(id, Cancellation);

        Assert.Equal(1, (await pipeline.Sweep.RunOnceAsync(Cancellation)).Closed);

        Assert.Equal(JobStatus.Completed, (await pipeline.Jobs.GetAsync(Owner, id, Cancellation)).Status);
    }

    [Fact]
    public async Task RunOnceAsync_EngineDataLost_StartsJobsAgainAndKeepsCompletedStages()
    {
        var begun = new TaskCompletionSource();
        var blocks = true;
        var animate = new TestStage(StageNames.Animate, async (run, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(blocks ? Timeout.Infinite : 0, token);
            return await TestStage.WriteOutputAsync(run, token);
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await begun.Task;
        blocks = false;

        await pipeline.LoseEngineAsync();
        var report = await pipeline.Sweep.RunOnceAsync(Cancellation);

        Assert.Equal(1, report.Started);
        Assert.Equal(JobStatus.Completed, (await pipeline.WaitAsync(id)).Status);
        Assert.Single(pipeline[StageNames.Keyframe].Runs);
    }

    [Fact]
    public async Task RunOnceAsync_DeadlineLongPassed_ClosesTheJob()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var draft = TestModels.Video() with { Deadline = pipeline.Clock.GetUtcNow().AddHours(1) };
        var id = (await pipeline.Jobs.CreateAsync(Owner, draft, null, null, Cancellation)).Job.Record.Id;
        pipeline.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, (await pipeline.Sweep.RunOnceAsync(Cancellation)).Closed);

        Assert.Equal(FailureCodes.DeadlineExceeded, (await pipeline.WaitAsync(id)).Record.Error!.Code);
    }

    [Fact]
    public async Task RunOnceAsync_DamagedRecord_OtherJobsAreStillStarted()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var damaged = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        var good = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await pipeline.Store.WriteAsync(JobNames.Record(damaged), (stream, token) => stream.WriteAsync("{"u8.ToArray(), token).AsTask(), Cancellation);

        await pipeline.Sweep.RunOnceAsync(Cancellation);

        Assert.Equal(JobStatus.Completed, (await pipeline.WaitAsync(good)).Status);
    }

    private static TestStage Blocked() => new(StageNames.Keyframe, async (_, token) =>
    {
        await Task.Delay(Timeout.Infinite, token);
        return null!;
    });
}
