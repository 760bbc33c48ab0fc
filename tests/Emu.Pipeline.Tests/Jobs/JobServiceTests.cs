using System.Text;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Jobs;

public sealed partial class JobServiceTests
{
    private const string Owner = "local";

    private static readonly InputPicture Picture = new("picture"u8.ToArray(), "png");

    private static readonly JobServiceOptions NoPolling = new() { PollInterval = TimeSpan.FromHours(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_BothOrders_PagesThroughAll()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            pipeline.Clock.Advance(TimeSpan.FromMilliseconds(2));
            ids.Add((await pipeline.Jobs.CreateAsync(Owner, TestModels.Video() with { Kind = i % 2 == 0 ? JobKind.Video : JobKind.Image }, null, null, Cancellation)).Job.Record.Id);
        }

        Assert.Equal(ids, await PagesAsync(pipeline.Jobs, new JobQuery { Order = JobOrder.OldestFirst, Limit = 3 }));
        Assert.Equal(ids.AsEnumerable().Reverse(), await PagesAsync(pipeline.Jobs, new JobQuery { Limit = 2 }));
        Assert.Equal(ids.Where((_, i) => i % 2 == 0), await PagesAsync(pipeline.Jobs, new JobQuery { Kind = JobKind.Video, Order = JobOrder.OldestFirst, Limit = 3 }));
        Assert.Empty((await pipeline.Jobs.ListAsync("other", new JobQuery(), Cancellation)).Jobs);
        Assert.Equal("limit", (await Assert.ThrowsAsync<InvalidJobException>(() => pipeline.Jobs.ListAsync(Owner, new JobQuery { Limit = 101 }, Cancellation))).Parameter);
        Assert.Equal("after", (await Assert.ThrowsAsync<InvalidJobException>(() => pipeline.Jobs.ListAsync(Owner, new JobQuery { After = "x" }, Cancellation))).Parameter);
    }

    [Fact]
    public async Task EveryMember_JobOfAnotherOwner_IsNotFound()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;

        foreach (var (owner, other) in new[] { ("other", id), (Owner, JobId.New(JobKind.Video, DateTimeOffset.UtcNow).ToString()), (Owner, "../x"), (Owner, "") })
        {
            await Assert.ThrowsAsync<JobNotFoundException>(() => pipeline.Jobs.GetAsync(owner, other, Cancellation));
            await Assert.ThrowsAsync<JobNotFoundException>(() => pipeline.Jobs.CancelAsync(owner, other, Cancellation));
            await Assert.ThrowsAsync<JobNotFoundException>(() => pipeline.Jobs.DeleteAsync(owner, other, Cancellation));
            await Assert.ThrowsAsync<JobNotFoundException>(() => pipeline.Jobs.FindFileAsync(owner, other, null, Cancellation));
            await Assert.ThrowsAsync<JobNotFoundException>(() => pipeline.Jobs.RemixAsync(owner, other, "x", null, Cancellation));
        }

        Assert.Equal(JobState.Active, (await pipeline.Jobs.GetAsync(Owner, id, Cancellation)).Record.State);
    }

    [Fact]
    public async Task DeleteAsync_Ended_FreesItsKey()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var options = new CreateOptions { IdempotencyKey = "key" };
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation)).Job.Record.Id;
        await pipeline.WaitAsync(id);

        await pipeline.Jobs.DeleteAsync(Owner, id, Cancellation);

        await Assert.ThrowsAsync<JobNotFoundException>(() => pipeline.Jobs.DeleteAsync(Owner, id, Cancellation));
        Assert.Null(await pipeline.Engine.GetStatusAsync(id, Cancellation));
        Assert.False((await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation)).IsReplay);
    }

    [Fact]
    public async Task RemixAsync_Completed_BeginsFromItsKeyframe()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var source = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video() with { Steps = 9 }, null, null, Cancellation)).Job.Record;
        await pipeline.WaitAsync(source.Id);

        var remix = (await pipeline.Jobs.RemixAsync(Owner, source.Id, "a cat", null, Cancellation)).Job.Record;

        Assert.Equal((source.Id, "a cat", 9, 7), (remix.Request.RemixedFrom, remix.Request.Prompt, remix.Request.Steps, remix.Request.Seed));
        Assert.Equal("picture", Encoding.UTF8.GetString((await pipeline.Store.ReadAsync(remix.Request.InputPicture!, Cancellation))!.Content.Span));
        Assert.Equal(JobStatus.Completed, (await pipeline.WaitAsync(remix.Id)).Status);
    }

    [Fact]
    public async Task RetryAsync_Failed_RepeatsTheRequest()
    {
        var failing = true;
        var keyframe = new TestStage(StageNames.Keyframe, (run, token) => failing
            ? throw new Emu.Durable.Abstractions.ActivityFailedException(new Emu.Durable.Abstractions.ActivityFailure("unsupported", "no", false))
            : TestStage.WriteOutputAsync(run, token));
        await using var pipeline = await TestPipeline.StartAsync(keyframe);
        var first = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), Picture, null, Cancellation)).Job.Record;
        await pipeline.WaitAsync(first.Id);
        failing = false;

        var second = (await pipeline.Jobs.RetryAsync(Owner, first.Id, null, Cancellation)).Job.Record;

        Assert.Equal((first.Request.Seed, first.Request.Prompt), (second.Request.Seed, second.Request.Prompt));
        Assert.NotNull(second.Request.InputPicture);
        Assert.Equal(JobStatus.Completed, (await pipeline.WaitAsync(second.Id)).Status);
        Assert.Equal("job_not_failed", (await Assert.ThrowsAsync<JobConflictException>(() => pipeline.Jobs.RetryAsync(Owner, second.Id, null, Cancellation))).Code);
    }

    [Fact]
    public async Task FindFileAsync_Variants_AreTheJobsFiles()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await pipeline.WaitAsync(id);

        var main = await pipeline.Jobs.FindFileAsync(Owner, id, null, Cancellation);
        await using var stream = await pipeline.Jobs.OpenFileAsync(main, Cancellation);
        var refused = await Assert.ThrowsAsync<InvalidJobException>(() => pipeline.Jobs.FindFileAsync(Owner, id, "gif", Cancellation));

        Assert.Equal(("mp4", main.Length), (main.Variant, stream.Length));
        Assert.EndsWith("It has: mp4, keyframe.", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task WatchAsync_InOneProcess_SeesEveryReportWithoutPolling()
    {
        using var seenStep = new SemaphoreSlim(0);
        var animate = new TestStage(StageNames.Animate, async (run, token) =>
        {
            for (var step = 1; step <= 5; step++)
            {
                await run.ReportAsync(step, 5, token);
                await seenStep.WaitAsync(token);
            }

            return await TestStage.WriteOutputAsync(run, token);
        });
        await using var pipeline = await TestPipeline.StartAsync(animate);
        var jobs = new JobService(pipeline.Store, pipeline.Engine, options: NoPolling, signals: pipeline.Signals);
        var id = (await jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;

        var seen = new List<JobSnapshot>();
        await foreach (var job in jobs.WatchAsync(Owner, id, null, Cancellation))
        {
            seen.Add(job);
            if (job.Progress is { Stage: StageNames.Animate })
            {
                seenStep.Release();
            }
        }

        var versions = seen.SkipLast(1).Where(job => job.Progress is not null).Select(job => job.Progress!.Version).ToList();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal([1, 2, 3, 4, 5], seen.Where(job => job.Progress?.Stage == StageNames.Animate).Select(job => job.Progress!.UnitsDone).Distinct());
        Assert.All(seen.Where(job => job.Progress?.Stage == StageNames.Animate), job => Assert.True(job.Status == JobStatus.InProgress && job.Percent is > 20 and <= 70));
        Assert.Equal(JobStatus.Completed, seen[^1].Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task WatchAsync_ReportsOfAnotherProcess_AreFoundByPolling()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var jobs = new JobService(pipeline.Store, options: new JobServiceOptions { PollInterval = TimeSpan.FromMilliseconds(1) });
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;

        JobSnapshot? last = null;
        await foreach (var job in jobs.WatchAsync(Owner, id, null, Cancellation))
        {
            last = job;
        }

        Assert.Equal(JobStatus.Completed, last!.Status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WatchAsync_CancelledOrDeletedInThisProcess_EndsWithoutPolling(bool deletes)
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var jobs = new JobService(pipeline.Store, pipeline.Engine, options: NoPolling, signals: pipeline.Signals);
        var id = (await jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await using var states = jobs.WatchAsync(Owner, id, null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await states.MoveNextAsync());

        var next = states.MoveNextAsync();
        if (deletes)
        {
            await jobs.DeleteAsync(Owner, id, Cancellation);
            await Assert.ThrowsAsync<JobNotFoundException>(async () => await next);
        }
        else
        {
            await jobs.CancelAsync(Owner, id, Cancellation);
            Assert.True(await next);
            Assert.Equal("cancelled", states.Current.Record.Error!.Code);
        }
    }

    [Fact]
    public async Task WaitForEndAsync_TimeoutPasses_ReturnsTheActiveJob()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;

        Assert.False((await pipeline.Jobs.WaitForEndAsync(Owner, id, TimeSpan.Zero, Cancellation)).Record.HasEnded);
        Assert.False((await pipeline.Jobs.WaitForEndAsync(Owner, id, TimeSpan.FromMilliseconds(5), Cancellation)).Record.HasEnded);
    }

    [Fact]
    public async Task CancelAsync_InAnotherProcess_ReachesTheQueuedJobThroughTheSweep()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        Assert.Equal(1, (await pipeline.Sweep.RunOnceAsync(Cancellation)).Started);

        await pipeline.OtherProcess.CancelAsync(Owner, id, Cancellation);
        await pipeline.OtherProcess.CancelAsync(Owner, id, Cancellation);
        var swept = await pipeline.Sweep.RunOnceAsync(Cancellation);

        // The stage at work looks at the flag too, and may be first.
        Assert.True(swept.Cancelled == 1 || (await pipeline.Jobs.GetAsync(Owner, id, Cancellation)).Record.HasEnded);
        Assert.Equal("cancelled", (await pipeline.WaitAsync(id)).Record.Error!.Code);
        Assert.Equal(JobState.Failed, (await pipeline.Jobs.CancelAsync(Owner, id, Cancellation)).Record.State);
    }

    private static TestStage Blocked() => new(StageNames.Keyframe, async (_, token) =>
    {
        await Task.Delay(Timeout.Infinite, token);
        return null!;
    });

    private static async Task<List<string>> PagesAsync(JobService jobs, JobQuery query)
    {
        var ids = new List<string>();
        while (true)
        {
            var page = await jobs.ListAsync(Owner, query, Cancellation);
            ids.AddRange(page.Jobs.Select(job => job.Record.Id));
            Assert.True(page.Jobs.Count == query.Limit || !page.HasMore);
            if (!page.HasMore)
            {
                return ids;
            }

            query = query with { After = ids[^1] };
        }
    }
}
