using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Upkeep;

public sealed class JobRetentionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunOnceAsync_Expired_RemovesEverythingOfTheJob()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var expired = new List<string>();
        foreach (var owner in new[] { "a", "b", "b-2" })
        {
            expired.Add((await pipeline.Jobs.CreateAsync(owner, TestModels.Video(), null, new CreateOptions { IdempotencyKey = "k" }, Cancellation)).Job.Record.Id);
            await pipeline.WaitAsync(expired[^1], owner);
        }

        await pipeline.Engine.DrainAsync(Cancellation);
        pipeline.Clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(0, (await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation)).Expired);
        var kept = (await pipeline.Jobs.CreateAsync("b", TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await pipeline.WaitAsync(kept, "b");
        pipeline.Clock.Advance(TimeSpan.FromDays(2));

        var report = await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation);

        Assert.Equal((3, 0, 0), (report.Expired, report.Orphans, report.Claims));
        Assert.DoesNotContain(await pipeline.NamesAsync(), name => expired.Any(id => name.Contains(id, StringComparison.Ordinal)));
        Assert.Empty(await pipeline.NamesAsync("idempotency/"));
        Assert.Null(await pipeline.Engine.GetStatusAsync(expired[0], Cancellation));
        Assert.Equal(JobStatus.Completed, (await pipeline.Jobs.GetAsync("b", kept, Cancellation)).Status);
    }

    [Fact]
    public async Task RunOnceAsync_Orphans_AreRemovedOnceOld()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = (await pipeline.Jobs.CreateAsync("local", TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        var job = await pipeline.WaitAsync(id);
        await pipeline.Engine.DrainAsync(Cancellation);         // the job's own tidying, which would take the orphan with it
        var nobody = JobId.New(JobKind.Video, DateTimeOffset.UtcNow).ToString();
        string[] orphans =
        [
            JobNames.Attempt(id, StageNames.Animate, "zombie", "clip.safetensors"),
            JobNames.Input(nobody, "png"),
            JobNames.Claim("local", "never used"),
        ];
        await pipeline.Store.CreateAsync(orphans[0], "x"u8.ToArray(), Cancellation);
        await pipeline.Store.CreateAsync(orphans[1], "x"u8.ToArray(), Cancellation);
        await pipeline.Store.CreateAsync(orphans[2], System.Text.Encoding.UTF8.GetBytes($$"""{"body_hash":"x","job_id":"{{nobody}}"}"""), Cancellation);

        await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation);
        Assert.Equal(3, (await pipeline.NamesAsync()).Intersect(orphans).Count());
        pipeline.Clock.Advance(TimeSpan.FromDays(2));
        var report = await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation);

        Assert.Equal((2, 1), (report.Orphans, report.Claims));
        Assert.Empty((await pipeline.NamesAsync()).Intersect(orphans));
        Assert.All(job.Record.Files!, file => Assert.Contains(file.Artifact, pipeline.NamesAsync().Result));
    }

    [Fact]
    public async Task RunOnceAsync_DamagedAndForeignFiles_OtherJobsAreStillRemoved()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var damaged = (await pipeline.Jobs.CreateAsync("a", TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        var good = (await pipeline.Jobs.CreateAsync("b", TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await pipeline.WaitAsync(good, "b");
        await pipeline.Engine.DrainAsync(Cancellation);
        await pipeline.Store.WriteAsync(JobNames.Record(damaged), (stream, token) => stream.WriteAsync("{"u8.ToArray(), token).AsTask(), Cancellation);
        foreach (var foreign in new[] { "index/x", "index/a/oldest/x", "deleted/x", "jobs/x", "inflight/x", "idempotency/a/x" })
        {
            await pipeline.Store.CreateAsync(foreign, "?"u8.ToArray(), Cancellation);
        }

        pipeline.Clock.Advance(TimeSpan.FromDays(9));
        var report = await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation);
        await pipeline.Sweep.RunOnceAsync(Cancellation);

        Assert.Equal((1, 1), (report.Expired, report.Claims));
        Assert.Contains(JobNames.Record(damaged), await pipeline.NamesAsync());
        Assert.DoesNotContain(JobNames.Record(good), await pipeline.NamesAsync());
    }
}
