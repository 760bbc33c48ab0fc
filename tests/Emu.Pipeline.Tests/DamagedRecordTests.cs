using System.Text;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests;

/// <summary>JSON records in the store that cannot be read: each is named in an error, and everything else works.</summary>
public sealed class DamagedRecordTests
{
    private const string Owner = "local";

    public static TheoryData<string> Damages => ["", "{", "null", "[]", "{}"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Models_OneDamaged_TheOthersCanBeUsed(string json)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        await DamageAsync(pipeline, "models/broken.json", json);

        var damaged = await Assert.ThrowsAsync<ArtifactStoreException>(() => pipeline.Jobs.Models.FindAsync("broken", Cancellation));
        var created = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation);

        Assert.False(damaged.Retryable);
        Assert.Contains("models/broken.json", damaged.Message, StringComparison.Ordinal);
        Assert.Equal(["sticker"], (await pipeline.Jobs.Models.ListAsync(Cancellation)).Select(model => model.Name));
        Assert.Equal("sticker", (await pipeline.Jobs.Models.FindDefaultAsync(Cancellation))!.Name);
        Assert.Equal("sticker", created.Job.Record.Request.Model);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Progress_Damaged_CountsAsNone(string json)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await DamageAsync(pipeline, JobNames.Progress(id), json);

        var job = await pipeline.Jobs.GetAsync(Owner, id, Cancellation);

        Assert.Null(job.Progress);
        Assert.Equal(JobStatus.Queued, job.Status);
        Assert.Single((await pipeline.Jobs.ListAsync(Owner, new JobQuery(), Cancellation)).Jobs);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Manifest_DamagedInput_FailsTheStageWithItsName(string json)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await DamageAsync(pipeline, JobNames.Manifest(id, StageNames.Keyframe), json);
        var activity = new StageActivity(pipeline[StageNames.Animate], pipeline.Store);

        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => activity.RunAsync(new StageCall(id, new StageSpan(2, 5, 20, 70), [StageNames.Keyframe]), 1, Cancellation));

        Assert.Equal((FailureCodes.StoreUnavailable, false), (failed.Failure.Code, failed.Failure.Retryable));
        Assert.Contains(JobNames.Manifest(id, StageNames.Keyframe), failed.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Manifest_DamagedAfterTheLastStage_FailsTheJobWithItsName(string json)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await DamageAsync(pipeline, JobNames.Manifest(id, StageNames.Encode), json);

        Assert.Equal(JobState.Failed, await pipeline.Finisher.FinishAsync(id, null, Cancellation));

        var error = (await pipeline.Jobs.GetAsync(Owner, id, Cancellation)).Record.Error!;
        Assert.Equal(FailureCodes.StoreUnavailable, error.Code);
        Assert.Contains(JobNames.Manifest(id, StageNames.Encode), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Sweep_DamagedManifests_ClosesEveryJob(string json)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
            ids.Add(id);
            await DamageAsync(pipeline, JobNames.Manifest(id, StageNames.Encode), json);
            await pipeline.Engine.StartIfAbsentAsync("slices", id, null, Cancellation);
            await pipeline.Engine.WaitForEndAsync(id, Cancellation);
        }

        Assert.Equal(2, (await pipeline.Sweep.RunOnceAsync(Cancellation)).Closed);

        foreach (var id in ids)
        {
            Assert.Equal(FailureCodes.OrchestrationLost, (await pipeline.Jobs.GetAsync(Owner, id, Cancellation)).Record.Error!.Code);
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Record_Damaged_TheOthersAreListedExpiredAndPurged(string json)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var damaged = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, new CreateOptions { IdempotencyKey = "damaged" }, Cancellation)).Job.Record.Id;
        var deleted = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, new CreateOptions { IdempotencyKey = "deleted" }, Cancellation)).Job.Record.Id;
        var ended = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
        await pipeline.OtherProcess.DeleteAsync(Owner, damaged, Cancellation);
        await pipeline.OtherProcess.DeleteAsync(Owner, deleted, Cancellation);
        await pipeline.Finisher.FinishAsync(ended, new JobError("test", "ended"), Cancellation);

        // The damaged job as if its deletion had been cut short: it stands in the listing and holds its key.
        await DamageAsync(pipeline, JobNames.Record(damaged), json);
        await pipeline.Store.CreateAsync(JobNames.IndexEntry(Owner, JobOrder.NewestFirst, JobId.Parse(damaged)), default, Cancellation);
        await pipeline.Store.CreateAsync(JobNames.Claim(Owner, "a"), Encoding.UTF8.GetBytes($$"""{"body_hash":"x","job_id":"{{damaged}}"}"""), Cancellation);
        await pipeline.Store.CreateAsync(JobNames.Claim(Owner, "unused"), Encoding.UTF8.GetBytes($$"""{"body_hash":"x","job_id":"{{JobId.New(JobKind.Video, DateTimeOffset.UtcNow)}}"}"""), Cancellation);

        Assert.Equal([ended], (await pipeline.Jobs.ListAsync(Owner, new JobQuery(), Cancellation)).Jobs.Select(job => job.Record.Id));
        Assert.Contains(JobNames.Record(damaged), (await Assert.ThrowsAsync<ArtifactStoreException>(() => pipeline.Jobs.GetAsync(Owner, damaged, Cancellation))).Message, StringComparison.Ordinal);

        pipeline.Clock.Advance(TimeSpan.FromDays(9));
        var report = await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation);

        Assert.Equal((1, 1, 1), (report.Expired, report.Tombstones, report.Claims));
        Assert.Equal([JobNames.Record(damaged)], await pipeline.NamesAsync("jobs/"));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Claim_Damaged_JobCanBeDeleted(string json)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var options = new CreateOptions { IdempotencyKey = "k" };
        var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation)).Job.Record.Id;
        await DamageAsync(pipeline, JobNames.Claim(Owner, "k"), json);

        var refused = await Assert.ThrowsAsync<ArtifactStoreException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation));
        await pipeline.Jobs.DeleteAsync(Owner, id, Cancellation);

        Assert.Contains(JobNames.Claim(Owner, "k"), refused.Message, StringComparison.Ordinal);
        Assert.Empty((await pipeline.Jobs.ListAsync(Owner, new JobQuery(), Cancellation)).Jobs);
    }

    [Theory]
    [InlineData("id", "video_0190163d8694739b0000000000000000")]
    [InlineData("id", "../other")]
    [InlineData("owner", "../other")]
    [InlineData("owner", "")]
    public async Task Record_OfAnotherIdOrWithoutAnOwner_IsDamaged(string property, string value)
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var record = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record;
        var changed = property == "id" ? record with { Id = value } : record with { Owner = value };
        await DamageAsync(pipeline, JobNames.Record(record.Id), Encoding.UTF8.GetString(ArtifactJson.Write(changed)));

        await Assert.ThrowsAsync<ArtifactStoreException>(() => new JobRecords(pipeline.Store).FindAsync(record.Id, Cancellation));
    }

    private static Task<ArtifactInfo> DamageAsync(TestPipeline pipeline, string name, string json) =>
        pipeline.Store.WriteAsync(name, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(json), token).AsTask(), Cancellation);
}
