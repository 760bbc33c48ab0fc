using Emu.Pipeline.Edits;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Edits;

public sealed class EditSessionsTests
{
    private const string Owner = "anna";

    private static readonly InputPicture Picture = new("a picture"u8.ToArray(), "png", new FrameSize(64, 48));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunOnceAsync_SessionStillUsed_KeepsItsOldVersions()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = await BeginAsync(pipeline);
        var old = await AddAsync(pipeline, id, "make it grey");
        pipeline.Clock.Advance(TimeSpan.FromDays(6));
        var young = await AddAsync(pipeline, id, "make it brighter");
        pipeline.Clock.Advance(TimeSpan.FromDays(3));

        var report = await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation);
        Assert.Equal((0, 0, 0), (report.Expired, report.Sessions, report.Orphans));
        Assert.Equal([JobStatus.Completed, JobStatus.Completed, JobStatus.Completed], (await pipeline.Sessions.GetAsync(Owner, id, Cancellation)).Versions.Select(version => version.Status));

        pipeline.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(1, (await pipeline.Retention.RunOnceAsync(searchOrphans: true, Cancellation)).Sessions);
        Assert.DoesNotContain(await pipeline.NamesAsync(), name => name.Contains(old, StringComparison.Ordinal) || name.Contains(young, StringComparison.Ordinal) || name.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddAsync_JobThereButNotInTheSession_IsAddedByTheSameRequest()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var id = await BeginAsync(pipeline);
        var options = new CreateOptions { IdempotencyKey = "k" };
        var first = await pipeline.Sessions.AddAsync(Owner, id, Draft("make it grey"), JobPictures.None, null, options, Cancellation);

        // As if the process had ended between the two.
        var records = new EditSessionRecords(pipeline.Store);
        await records.ChangeAsync(Owner, id, session => session with { Versions = [], Current = 1 }, Cancellation);
        var again = await pipeline.Sessions.AddAsync(Owner, id, Draft("make it grey"), JobPictures.None, null, options, Cancellation);

        Assert.Equal((true, first.Version.Version!.JobId, 2), (again.IsReplay, again.Version.Version!.JobId, again.Version.Number));
        await Assert.ThrowsAsync<IdempotencyMismatchException>(() => pipeline.Sessions.AddAsync(Owner, id, Draft("make it brighter"), JobPictures.None, null, options, Cancellation));
    }

    [Fact]
    public async Task AddAsync_ManyAtOnce_GetNumbersOfTheirOwn()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var (id, sessions) = (await BeginAsync(pipeline), pipeline.Sessions);
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => sessions.AddAsync(Owner, id, Draft($"make it grey {index}"), JobPictures.None, 1, new CreateOptions(), Cancellation)));
        Assert.Equal(Enumerable.Range(2, 8), added.Select(version => version.Version.Number).Order());
        Assert.Equal(8, (await sessions.GetAsync(Owner, id, Cancellation)).Session.Versions.Select(version => version.JobId).Distinct().Count());
        await pipeline.Engine.DrainAsync(Cancellation);
    }

    [Fact]
    public async Task Current_VersionFailed_IsTheOneBefore()
    {
        var broken = new TestStage(StageNames.Edit, (run, _) => run.Request.Prompt == "break" ? throw new Emu.Durable.Abstractions.ActivityFailedException(new Emu.Durable.Abstractions.ActivityFailure("invalid_input", "No.", false)) : Task.FromResult(StageOutcome.Done([])));
        await using var pipeline = await TestPipeline.StartAsync(broken);
        var id = await BeginAsync(pipeline);
        await AddAsync(pipeline, id, "make it grey");
        await AddAsync(pipeline, id, "break");
        Assert.Equal(2, (await pipeline.Sessions.GetAsync(Owner, id, Cancellation)).Current);
        Assert.Equal(4, (await pipeline.Sessions.AddAsync(Owner, id, Draft("make it brighter"), JobPictures.None, null, new CreateOptions(), Cancellation)).Version.Number);
        await pipeline.Engine.DrainAsync(Cancellation);
    }

    [Fact]
    public async Task ListAsync_Pages_GivesTheNewestFirst()
    {
        await using var pipeline = await TestPipeline.StartAsync();
        var ids = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            ids.Insert(0, await BeginAsync(pipeline));
            pipeline.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var (page, hasMore) = await pipeline.Sessions.ListAsync(Owner, 2, null, Cancellation);
        Assert.Equal(ids[..2], page.Select(session => session.Session.Id));
        Assert.True(hasMore);
        var (rest, more) = await pipeline.Sessions.ListAsync(Owner, 2, ids[1], Cancellation);
        Assert.Equal(ids[2..], rest.Select(session => session.Session.Id));
        Assert.False(more);
        await Assert.ThrowsAsync<EditSessionNotFoundException>(() => pipeline.Sessions.GetAsync("ben", ids[0], Cancellation));
    }

    private static JobDraft Draft(string prompt) => new() { Kind = JobKind.Edit, Prompt = prompt };

    private static async Task<string> BeginAsync(TestPipeline pipeline) =>
        (await pipeline.Sessions.CreateAsync(Owner, Draft(""), new JobPictures { Input = Picture }, new CreateOptions(), Cancellation)).Session.Session.Id;

    private static async Task<string> AddAsync(TestPipeline pipeline, string id, string prompt)
    {
        var (version, _) = await pipeline.Sessions.AddAsync(Owner, id, Draft(prompt), JobPictures.None, null, new CreateOptions(), Cancellation);
        await pipeline.WaitAsync(version.Version!.JobId, Owner);
        await pipeline.Engine.DrainAsync(Cancellation);
        return version.Version.JobId;
    }
}
