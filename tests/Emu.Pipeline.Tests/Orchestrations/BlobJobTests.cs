using Emu.Conformance.Azurite;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Orchestrations;

public sealed class BlobJobTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    [Fact]
    public async Task Video_InABlobContainer_CompletesAndExpires()
    {
        var store = await BlobArtifactStore.OpenAsync(azurite.Connection, $"jobs-{Guid.NewGuid():N}", QuickRetries.Options, TestContext.Current.CancellationToken);
        await using var pipeline = await TestPipeline.StartAsync(store);
        var options = new CreateOptions { IdempotencyKey = "key", MaximumInFlight = 5 };

        var id = (await pipeline.Jobs.CreateAsync("local", TestModels.Video(), new InputPicture("x"u8.ToArray(), "png"), options, TestContext.Current.CancellationToken)).Job.Record.Id;
        var again = await pipeline.Jobs.CreateAsync("local", TestModels.Video(), new InputPicture("x"u8.ToArray(), "png"), options, TestContext.Current.CancellationToken);
        var job = await pipeline.WaitAsync(id);
        await pipeline.Engine.WaitForEndAsync(id, TestContext.Current.CancellationToken);

        Assert.True(again.IsReplay);
        Assert.Equal((id, JobStatus.Completed), (again.Job.Record.Id, job.Status));
        Assert.Empty(await pipeline.NamesAsync("inflight/"));
        Assert.Equal([id], (await pipeline.Jobs.ListAsync("local", new JobQuery(), TestContext.Current.CancellationToken)).Jobs.Select(listed => listed.Record.Id));
        pipeline.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(1, (await pipeline.Retention.RunOnceAsync(searchOrphans: true, TestContext.Current.CancellationToken)).Expired);
        Assert.Equal(["models/sticker.json"], await pipeline.NamesAsync());
    }
}
