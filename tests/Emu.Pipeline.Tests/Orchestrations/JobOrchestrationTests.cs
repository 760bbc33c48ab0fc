using Emu.Durable.Abstractions;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Orchestrations;

public sealed class JobOrchestrationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Video_EveryStageDone_CompletesWithItsFilesOnly()
    {
        await using var pipeline = await TestPipeline.StartAsync();

        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        var job = await pipeline.WaitAsync(id);
        await pipeline.Engine.WaitForEndAsync(id, Cancellation);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal(100, job.Percent);
        Assert.Equal(["mp4", "keyframe"], job.Record.Files!.Select(file => file.Variant));
        Assert.Equal("video/mp4", job.Record.Files![0].ContentType);
        Assert.Equal([(StageNames.Upsample + ".0", 0), (StageNames.Upsample + ".1", 0), (StageNames.Upsample + ".2", 0)], pipeline[StageNames.Upsample].Runs.Order());
        Assert.Equal([$"{id} Completed"], pipeline.Ends);
        Assert.Empty(await pipeline.NamesAsync("inflight/"));
        var left = (await pipeline.NamesAsync($"jobs/{id}/")).Where(name => !name.EndsWith(".json", StringComparison.Ordinal));
        Assert.Equal(job.Record.Files!.Select(file => file.Artifact).Order(StringComparer.Ordinal), left);
    }

    [Fact]
    public async Task Image_EveryStageDone_Completes()
    {
        var encode = new TestStage(StageNames.Encode, async (run, token) => StageOutcome.Done([await TestStage.WriteAsync(run, "image.png", "x", token)]));
        await using var pipeline = await TestPipeline.StartAsync(encode);

        var created = await pipeline.Jobs.CreateAsync(TestPipeline.Owner, new JobDraft { Kind = JobKind.Image, Prompt = "a duck" }, null, null, Cancellation);
        var job = await pipeline.WaitAsync(created.Job.Record.Id);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.StartsWith("image_", job.Record.Id, StringComparison.Ordinal);
        Assert.Equal(["png", "keyframe"], job.Record.Files!.Select(file => file.Variant));
        Assert.Empty(pipeline[StageNames.Animate].Runs);
    }

    [Fact]
    public async Task Video_StageInSlices_ContinuesFromEachCheckpoint()
    {
        var animate = new TestStage(StageNames.Animate, async (run, token) =>
        {
            var before = "";
            if (run.Checkpoint is { } checkpoint)
            {
                before = System.Text.Encoding.UTF8.GetString((await run.Store.ReadAsync(checkpoint, token))!.Content.Span);
            }

            var text = $"{before}{run.Unit} ";
            return run.Unit < 5
                ? StageOutcome.Continue(run.Unit + 1, await TestStage.WriteAsync(run, "checkpoint", text, token))
                : StageOutcome.Done([await TestStage.WriteAsync(run, StageFiles.ClipLatents, text, token)]);
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var clip = "";
        pipeline[StageNames.Interpolate].Fingerprint = "reads";
        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;

        var job = await pipeline.WaitAsync(id);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal([0, 1, 2, 3, 4, 5], animate.Runs.Select(run => run.Unit));
        var manifest = await new StageManifests(pipeline.Store, id).FindAsync(StageNames.Animate, Cancellation);
        clip = manifest!.Files[0].Sha256;
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("0 1 2 3 4 5 "u8)), clip);
    }

    [Fact]
    public async Task Video_BadInput_FailsAtOnceWithItsCode()
    {
        var keyframe = new TestStage(StageNames.Keyframe, (_, _) => throw new ActivityFailedException(new ActivityFailure(FailureCodes.InvalidInput, "no duck", false)));
        await using var pipeline = await TestPipeline.StartAsync(keyframe);

        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        var job = await pipeline.WaitAsync(id);

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Equal(new JobError(FailureCodes.InvalidInput, "no duck"), job.Record.Error);
        Assert.Single(keyframe.Runs);
        Assert.Equal([$"{id} Failed"], pipeline.Ends);
    }

    [Fact]
    public async Task Video_LostDevice_IsTriedAgain()
    {
        var tries = 0;
        var keyframe = new TestStage(StageNames.Keyframe, (run, token) => ++tries == 1
            ? throw new ActivityFailedException(new ActivityFailure(FailureCodes.DeviceLost, "gone", true))
            : TestStage.WriteOutputAsync(run, token));
        await using var pipeline = await TestPipeline.StartAsync(keyframe);

        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;

        Assert.Equal(JobStatus.Completed, (await pipeline.WaitAsync(id)).Status);
        Assert.Equal(2, keyframe.Runs.Count);
    }

    [Fact]
    public async Task Video_CancelledWhileRunning_EndsAsCancelled()
    {
        var begun = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        var animate = new TestStage(StageNames.Animate, async (_, token) =>
        {
            begun.SetResult();
            using var registration = token.Register(() => stopped.SetResult());
            await Task.Delay(Timeout.Infinite, token);
            return null!;
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await begun.Task;

        await pipeline.Jobs.CancelAsync(TestPipeline.Owner, id, Cancellation);
        var job = await pipeline.WaitAsync(id);
        await stopped.Task;
        await pipeline.Engine.WaitForEndAsync(id, Cancellation);

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Equal(FailureCodes.Cancelled, job.Record.Error!.Code);
        Assert.Empty(pipeline[StageNames.Interpolate].Runs);
        Assert.Empty(await pipeline.NamesAsync("inflight/"));
    }

    [Fact]
    public async Task Video_CancelledWhileAStageRunsInSlices_EndsTheChildToo()
    {
        var slices = new TaskCompletionSource();
        var animate = new TestStage(StageNames.Animate, async (run, token) =>
        {
            if (run.Unit == 3)
            {
                slices.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            return StageOutcome.Continue(run.Unit + 1, await TestStage.WriteAsync(run, "checkpoint", "x", token));
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await slices.Task;

        await pipeline.Jobs.CancelAsync(TestPipeline.Owner, id, Cancellation);
        var status = await pipeline.Engine.WaitForEndAsync(id, Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, status!.RuntimeStatus);
        Assert.Equal(FailureCodes.Cancelled, (await pipeline.WaitAsync(id)).Record.Error!.Code);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await pipeline.Engine.GetStatusAsync($"{id}:animate", Cancellation))!.RuntimeStatus);
    }

    [Fact]
    public async Task Video_DeadlinePassed_FailsWithDeadlineExceeded()
    {
        var animate = new TestStage(StageNames.Animate, async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return null!;
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var draft = TestModels.Video() with { Deadline = pipeline.Clock.GetUtcNow().AddSeconds(1) };

        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, draft, null, null, Cancellation)).Job.Record.Id;
        var job = await pipeline.WaitAsync(id);
        await pipeline.Engine.WaitForEndAsync(id, Cancellation);

        Assert.Equal(FailureCodes.DeadlineExceeded, job.Record.Error!.Code);
    }

    [Fact]
    public async Task Video_EngineRestarted_ContinuesWithoutRunningAStageTwice()
    {
        var begun = new TaskCompletionSource();
        var animate = new TestStage(StageNames.Animate, async (run, token) =>
        {
            if (begun.TrySetResult())
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            return await TestStage.WriteOutputAsync(run, token);
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await begun.Task;

        await pipeline.RestartAsync();
        var job = await pipeline.WaitAsync(id);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Single(pipeline[StageNames.Keyframe].Runs);
        Assert.Equal(2, animate.Runs.Count);
    }

    [Fact]
    public async Task Video_DeletedWhileRunning_KeepsItsTombstoneOnly()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var animate = new TestStage(StageNames.Animate, async (_, token) =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                ended.SetResult();
            }

            return null!;
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var id = (await pipeline.Jobs.CreateAsync(TestPipeline.Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await begun.Task;

        await pipeline.Jobs.DeleteAsync(TestPipeline.Owner, id, Cancellation);
        await ended.Task;

        await Assert.ThrowsAsync<JobNotFoundException>(() => pipeline.Jobs.GetAsync(TestPipeline.Owner, id, Cancellation));
        Assert.Equal([$"jobs/{id}/job.json"], await pipeline.NamesAsync("jobs/"));
        Assert.Empty((await pipeline.Jobs.ListAsync(TestPipeline.Owner, new JobQuery(), Cancellation)).Jobs);
        Assert.DoesNotContain("duck", System.Text.Encoding.UTF8.GetString((await pipeline.Store.ReadAsync($"jobs/{id}/job.json", Cancellation))!.Content.Span), StringComparison.Ordinal);
    }
}
