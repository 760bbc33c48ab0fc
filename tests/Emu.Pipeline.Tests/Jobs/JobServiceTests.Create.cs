using System.Text;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Tests.Jobs;

public sealed partial class JobServiceTests
{
    [Fact]
    public async Task CreateAsync_New_IsQueuedAndStored()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var draft = TestModels.Video() with { Metadata = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };

        var created = await pipeline.Jobs.CreateAsync(Owner, draft, Picture, null, Cancellation);

        var record = created.Job.Record;
        var stored = await pipeline.Jobs.GetAsync(Owner, record.Id, Cancellation);
        Assert.False(created.IsReplay);
        Assert.Equal((JobStatus.Queued, 0), (created.Job.Status, created.Job.Percent));
        Assert.Equal(["a", "b"], stored.Record.Request.Metadata!.Keys);
        Assert.Equal("picture", Encoding.UTF8.GetString((await pipeline.Store.ReadAsync(stored.Record.Request.InputPicture!, Cancellation))!.Content.Span));
        Assert.Equal([$"inflight/local/{record.Id}"], await pipeline.NamesAsync("inflight/"));
        Assert.Equal(1, await pipeline.Jobs.CountInFlightAsync(Owner, 10, Cancellation));
    }

    [Fact]
    public async Task CreateAsync_Refused_StoresNothing()
    {
        await using var pipeline = await TestPipeline.StartAsync();

        await Assert.ThrowsAsync<InvalidJobException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video(""), null, new CreateOptions { IdempotencyKey = "k" }, Cancellation));
        var unknown = await Assert.ThrowsAsync<InvalidJobException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video() with { Model = "other" }, null, null, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => pipeline.Jobs.CreateAsync("../other", TestModels.Video(), null, null, Cancellation));

        Assert.Equal("There is no model 'other'. The nearest is 'sticker'. Models: sticker.", unknown.Message);
        Assert.Equal(["models/sticker.json"], await pipeline.NamesAsync());
    }

    [Fact]
    public async Task CreateAsync_SameKeyAndRequest_ReturnsTheFirstJob()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var options = new CreateOptions { IdempotencyKey = "key 1 / ü" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    return await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), Picture, options, Cancellation);
                }
                catch (JobConflictException conflict) when (conflict.Code == "idempotency_in_flight")
                {
                    await Task.Delay(1, Cancellation);
                }
            }
        })));

        Assert.Single(answers.Select(answer => answer.Job.Record.Id).Distinct());
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Single((await pipeline.Jobs.ListAsync(Owner, new JobQuery(), Cancellation)).Jobs);
        Assert.False((await pipeline.Jobs.CreateAsync("other", TestModels.Video(), Picture, options, Cancellation)).IsReplay);
    }

    [Fact]
    public async Task CreateAsync_SameKeyOtherRequest_IsRefused()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var options = new CreateOptions { IdempotencyKey = "key" };
        await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), Picture, options, Cancellation);

        await Assert.ThrowsAsync<IdempotencyMismatchException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video("a cat"), Picture, options, Cancellation));
        await Assert.ThrowsAsync<IdempotencyMismatchException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation));
        await Assert.ThrowsAsync<IdempotencyMismatchException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), new InputPicture("other"u8.ToArray(), "png"), options, Cancellation));
    }

    [Fact]
    public async Task CreateAsync_ClaimAbandoned_IsTakenOver()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var options = new CreateOptions { IdempotencyKey = "key" };
        var dying = new JobService(new DyingStore(pipeline.Store, 1), null, null, pipeline.Options, pipeline.Clock);
        await Assert.ThrowsAsync<ArtifactStoreException>(() => dying.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation));

        var early = await Assert.ThrowsAsync<JobConflictException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation));
        pipeline.Clock.Advance(TimeSpan.FromMinutes(5));
        var created = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation);

        Assert.Equal("idempotency_in_flight", early.Code);
        Assert.False(created.IsReplay);
    }

    [Fact]
    public async Task CreateAsync_OverTheLimit_IsRefusedAndStoresNothing()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var options = new CreateOptions { MaximumInFlight = 2, IdempotencyKey = "third" };
        await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation);
        var second = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation);

        var refused = await Assert.ThrowsAsync<TooManyJobsException>(() => pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), Picture, options, Cancellation));
        Assert.Equal(2, refused.Limit);
        Assert.Equal(2, (await pipeline.NamesAsync("inflight/")).Count);
        Assert.Empty(await pipeline.NamesAsync("idempotency/"));

        await pipeline.Jobs.CancelAsync(Owner, second.Job.Record.Id, Cancellation);
        await pipeline.WaitAsync(second.Job.Record.Id);
        await pipeline.Engine.WaitForEndAsync(second.Job.Record.Id, Cancellation);
        Assert.False((await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), Picture, options, Cancellation)).IsReplay);
    }

    [Theory]
    [InlineData(1, 3, 3)]
    [InlineData(4, 0, 3)]
    public async Task CreateAsync_ConcurrentUnderALimit_NeverExceedsIt(int services, int atLeast, int atMost)
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var options = new CreateOptions { MaximumInFlight = 3 };
        var jobs = Enumerable.Range(0, services).Select(_ => pipeline.Jobs).ToList();

        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            try
            {
                await jobs[i % services].CreateAsync(Owner, TestModels.Video(), null, options, Cancellation);
                return 1;
            }
            catch (TooManyJobsException)
            {
                return 0;
            }
        })));

        Assert.InRange(taken.Sum(), atLeast, atMost);
        Assert.Equal(taken.Sum(), (await pipeline.NamesAsync("inflight/")).Count);
    }

    [Fact]
    public async Task CreateAsync_DiskNearlyFull_IsRefused()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var jobs = new JobService(pipeline.Store, null, new NearlyFull(), new JobServiceOptions { DiskReserve = 1000 });

        var refused = await Assert.ThrowsAsync<StorageReserveException>(() => jobs.CreateAsync(Owner, TestModels.Video(), null, null, Cancellation));

        Assert.Equal((999, 1000), (refused.Available, refused.Reserve));
        Assert.Empty(await pipeline.NamesAsync("inflight/"));
    }

    [Fact]
    public async Task CreateAsync_ReplayOnAFullDisk_ReturnsTheFirstJob()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var options = new CreateOptions { IdempotencyKey = "key" };
        var first = await pipeline.Jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation);
        var jobs = new JobService(pipeline.Store, null, new NearlyFull(), new JobServiceOptions { DiskReserve = 1000 });

        var replay = await jobs.CreateAsync(Owner, TestModels.Video(), null, options, Cancellation);
        await Assert.ThrowsAsync<StorageReserveException>(() => jobs.CreateAsync(Owner, TestModels.Video(), null, new CreateOptions { IdempotencyKey = "new" }, Cancellation));

        Assert.True(replay.IsReplay);
        Assert.Equal(first.Job.Record.Id, replay.Job.Record.Id);
        Assert.Single(await pipeline.NamesAsync("idempotency/"));
        Assert.Single(await pipeline.NamesAsync("inflight/"));
    }

    [Fact]
    public async Task CreateAsync_ReplayOfARequestNoLongerValid_ReturnsTheFirstJob()
    {
        await using var pipeline = await TestPipeline.StartAsync(Blocked());
        var options = new CreateOptions { IdempotencyKey = "key" };
        var draft = TestModels.Video() with { Deadline = pipeline.Clock.GetUtcNow().AddHours(1), Model = "sticker" };
        var first = await pipeline.Jobs.CreateAsync(Owner, draft, null, options, Cancellation);

        pipeline.Clock.Advance(TimeSpan.FromHours(2));
        await pipeline.Store.DeleteAsync("models/sticker.json", Cancellation);
        var replay = await pipeline.Jobs.CreateAsync(Owner, draft, null, options, Cancellation);

        Assert.Equal((true, first.Job.Record.Id), (replay.IsReplay, replay.Job.Record.Id));
    }

    private sealed class NearlyFull : IFreeSpace
    {
        public long AvailableBytes => 999;
    }
}
