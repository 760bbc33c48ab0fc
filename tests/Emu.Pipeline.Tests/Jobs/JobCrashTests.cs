using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Jobs;

/// <summary>Processes that die between any two changes of the store, and what is found afterwards.</summary>
public sealed class JobCrashTests
{
    private const string Owner = "local";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateAsync_ProcessDiesAtAnyChange_JobExistsOnceOrNotAtAll()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var picture = new InputPicture("picture"u8.ToArray(), "png");
        for (var changes = 0; ; changes++)
        {
            var options = new CreateOptions { IdempotencyKey = $"key {changes}" };
            var store = new DyingStore(pipeline.Store, changes);
            var service = new JobService(store, null, null, pipeline.Options, pipeline.Clock);
            try
            {
                await service.CreateAsync(Owner, TestModels.Video(), picture, options, Cancellation);
            }
            catch (ArtifactStoreException)
            {
                Assert.True(store.IsDead);
            }

            pipeline.Clock.Advance(TimeSpan.FromMinutes(10));
            await pipeline.Sweep.RunOnceAsync(Cancellation);
            var again = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), picture, options, Cancellation);
            var job = await pipeline.WaitAsync(again.Job.Record.Id);
            await pipeline.Engine.WaitForEndAsync(job.Record.Id, Cancellation);

            // With its record stored the first creation counts, and the second finds it; without, the second makes it.
            Assert.Equal(JobStatus.Completed, job.Status);
            Assert.Equal(changes >= 4, again.IsReplay);
            Assert.Equal(changes + 1, (await pipeline.Jobs.ListAsync(Owner, new JobQuery { Limit = 100 }, Cancellation)).Jobs.Count);
            Assert.Empty(await pipeline.NamesAsync("inflight/"));
            Assert.Equal(changes + 1, (await pipeline.NamesAsync("jobs/")).Count(name => name.EndsWith("/input.png", StringComparison.Ordinal)));
            if (!store.IsDead)
            {
                Assert.True(changes >= 6, $"A creation was done after {changes} changes.");
                return;
            }
        }
    }

    [Fact]
    public async Task FinishAsync_ProcessDiesAtAnyChange_NextCallCompletesIt()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        for (var changes = 0; ; changes++)
        {
            // A job whose stages are done, and whose orchestration never comes to its end.
            var id = (await pipeline.OtherProcess.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation)).Job.Record.Id;
            var span = new StageSpan(1, 2, 0, 50);
            await new StageActivity(pipeline[StageNames.Keyframe], pipeline.Store).RunAsync(new StageCall(id, span, []), 1, Cancellation);
            await new StageActivity(pipeline[StageNames.Encode], pipeline.Store).RunAsync(new StageCall(id, span, [StageNames.Keyframe]), 1, Cancellation);
            var store = new DyingStore(pipeline.Store, changes);
            try
            {
                await new JobFinisher(store, null, pipeline.Options, pipeline.Clock).FinishAsync(id, null, Cancellation);
            }
            catch (ArtifactStoreException)
            {
                Assert.True(store.IsDead);
            }

            var state = await pipeline.Finisher.FinishAsync(id, changes == 0 ? null : new JobError("late", "comes too late"), Cancellation);

            Assert.Equal(JobState.Completed, state);
            Assert.Contains($"{id} Completed", pipeline.Ends);
            Assert.Empty(await pipeline.NamesAsync("inflight/"));
            var files = (await pipeline.Jobs.GetAsync(Owner, id, Cancellation)).Record.Files!;
            Assert.Equal(files.Select(file => file.Artifact).Order(StringComparer.Ordinal), (await pipeline.NamesAsync($"jobs/{id}/")).Where(name => !name.EndsWith(".json", StringComparison.Ordinal)));
            if (!store.IsDead)
            {
                Assert.True(changes >= 3, $"An end was done after {changes} changes.");
                return;
            }
        }
    }

    [Fact]
    public async Task DeleteAsync_ProcessDiesAtAnyChange_RetentionCompletesIt()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        for (var changes = 0; ; changes++)
        {
            var id = (await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, new CreateOptions { IdempotencyKey = $"{changes}" }, Cancellation)).Job.Record.Id;
            await pipeline.WaitAsync(id);
            await pipeline.Engine.WaitForEndAsync(id, Cancellation);
            var store = new DyingStore(pipeline.Store, changes);
            try
            {
                await new JobService(store, null, null, pipeline.Options, pipeline.Clock).DeleteAsync(Owner, id, Cancellation);
            }
            catch (ArtifactStoreException)
            {
                Assert.True(store.IsDead);
            }

            pipeline.Clock.Advance(TimeSpan.FromMinutes(2));
            await pipeline.Retention.RunOnceAsync(searchOrphans: false, Cancellation);
            if (changes < 2)
            {
                // The record said nothing of it yet: the job is as it was.
                Assert.Equal(JobStatus.Completed, (await pipeline.Jobs.GetAsync(Owner, id, Cancellation)).Status);
                await pipeline.Jobs.DeleteAsync(Owner, id, Cancellation);
            }

            Assert.Equal([$"jobs/{id}/job.json"], await pipeline.NamesAsync($"jobs/{id}/"));
            Assert.Empty(await pipeline.NamesAsync("index/"));
            Assert.Empty(await pipeline.NamesAsync("idempotency/"));
            if (!store.IsDead)
            {
                pipeline.Clock.Advance(TimeSpan.FromDays(2));
                var report = await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation);
                Assert.Equal(changes + 1, report.Tombstones);
                Assert.Equal(["models/sticker.json"], await pipeline.NamesAsync());
                return;
            }
        }
    }
}
