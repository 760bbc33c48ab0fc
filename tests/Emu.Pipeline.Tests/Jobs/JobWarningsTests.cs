using Emu.Durable.Abstractions;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Jobs;

public sealed class JobWarningsTests
{
    private const string Owner = "local";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Warn_ByCreationAndByAStageThatIsTriedAgain_AreKeptOnceInTheirOrder()
    {
        var attempts = 0;
        var keyframe = new TestStage(StageNames.Keyframe, async (run, token) =>
        {
            await run.WarnAsync("by the stage", token);
            await run.WarnAsync("by the request", token);
            return ++attempts == 1
                ? throw new ActivityFailedException(new ActivityFailure(FailureCodes.InternalError, "once", true))
                : StageOutcome.Done([await TestStage.WriteAsync(run, StageFiles.KeyframeLatents, "latents", token), await TestStage.WriteAsync(run, StageFiles.KeyframePicture, "picture", token)]);
        });
        await using var pipeline = await TestPipeline.StartAsync(keyframe);

        var created = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video().Warn("by the request").Warn("by the request"), null, null, Cancellation);
        var ended = await pipeline.WaitAsync(created.Job.Record.Id);

        Assert.Equal(["by the request"], created.Job.Record.Warnings);
        Assert.Equal(2, attempts);
        Assert.Equal(JobStatus.Completed, ended.Status);
        Assert.Equal(["by the request", "by the stage"], ended.Record.Warnings);
    }

    [Fact]
    public async Task Warnings_EngineRestarted_AreStillThere()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var created = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video().Warn("by the request"), null, null, Cancellation);
        await pipeline.RestartAsync();
        Assert.Equal(["by the request"], (await pipeline.WaitAsync(created.Job.Record.Id)).Record.Warnings);
    }

    [Fact]
    public async Task Warnings_RequestSentAgainWithItsKey_AreThoseOfItsJob()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var options = new CreateOptions { IdempotencyKey = "key" };
        var first = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video().Warn("as an older server said it"), null, options, Cancellation);
        var again = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video().Warn("as a newer server says it"), null, options, Cancellation);

        Assert.Equal((first.Job.Record.Id, true), (again.Job.Record.Id, again.IsReplay));
        Assert.Equal(["as an older server said it"], again.Job.Record.Warnings);
    }

    [Fact]
    public async Task WarnAsync_JobHasEndedOrIsDeleted_AddsNothing()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var records = new JobRecords(pipeline.Store);
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video().Warn("by the request"), null, null, Cancellation)).Job.Record.Id;
        await pipeline.WaitAsync(id);

        await records.WarnAsync(id, "too late", Cancellation);
        Assert.Equal(["by the request"], (await records.FindAsync(id, Cancellation))!.Warnings);

        await pipeline.Jobs.DeleteAsync(Owner, id, Cancellation);
        Assert.Empty((await records.FindAsync(id, Cancellation))!.Warnings);
    }
}
