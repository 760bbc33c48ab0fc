using Emu.Conformance.Azurite;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Uploads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class UploadRoutesTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_Folders_AreMadeAndPolledAsTheOptionsSay()
    {
        var route = Assert.Single(await UploadRoutes.OpenAsync([Place("a", "alice")], null, Token));

        Assert.Equal(PathOf("a"), route.Uploads.Name);
        Assert.True(Directory.Exists(PathOf("a-outputs")));
        Assert.True(route.Uploads.ShowsUnfinishedFiles);
        Assert.Equal(TimeSpan.FromMilliseconds(10), route.Options.PollInterval);
    }

    [Fact]
    public async Task OpenAsync_Containers_AreMadeAndPolledEveryFiveSeconds()
    {
        var place = new UploadPlace("pictures", "results", new UploadOptions { Owner = "alice" });

        var route = Assert.Single(await UploadRoutes.OpenAsync([place], azurite.Connection, Token));

        Assert.Equal(("pictures", "results"), (route.Uploads.Name, route.Outputs.Name));
        Assert.Null(await route.Outputs.FindAsync("nothing", Token));
        Assert.Equal(TimeSpan.FromSeconds(5), route.Options.PollInterval);
    }

    [Fact]
    public async Task AddEmuUploads_PicturesInTwoFolders_BecomeJobsOfTheirOwnersAndResultsAreWritten()
    {
        var routes = await UploadRoutes.OpenAsync([Place("a", "alice"), Place("b", "bob")], null, Token);
        var connection = await ArtifactStoreConnection.OpenAsync(new ArtifactStoreOptions { Folder = PathOf("store") }, Token);
        using var host = TestHost.Create(PathOf("engine"), services => services
            .AddArtifactStore(connection)
            .AddSingleton<IImageValidator, AcceptingValidator>()
            .AddSingleton(provider => new JobService(provider.GetRequiredService<IArtifactStore>(), client: null, options: new JobServiceOptions { DiskReserve = 0 }))
            .AddEmuUploads(routes));
        var jobs = host.Services.GetRequiredService<JobService>();
        await jobs.Models.PublishAsync(TestModels.Sticker, Token);
        await host.StartAsync(Token);

        Put("a", "cat.png");
        Put("b", "dog.png");

        var cat = await WaitForJobAsync(jobs, "alice");
        var dog = await WaitForJobAsync(jobs, "bob");
        Assert.Equal(new UploadSource(PathOf("a"), "cat.png"), cat.Request.Upload);
        Assert.Equal(new UploadSource(PathOf("b"), "dog.png"), dog.Request.Upload);

        await CompleteAsync(host, cat);
        await TestHost.WaitUntilAsync(() => Task.FromResult(File.Exists(Path.Combine(PathOf("a-outputs"), "cat.png.json"))));
        Assert.Equal("video", await File.ReadAllTextAsync(Path.Combine(PathOf("a-outputs"), "cat.png.mp4"), Token));
        await host.StopAsync(Token);
    }

    private static async Task<JobRecord> WaitForJobAsync(JobService jobs, string owner)
    {
        JobRecord? found = null;
        await TestHost.WaitUntilAsync(async () =>
        {
            found = (await jobs.ListAsync(owner, new JobQuery { Limit = 10 }, Token)).Jobs.SingleOrDefault()?.Record;
            return found is not null;
        });
        return found!;
    }

    private static async Task CompleteAsync(IHost host, JobRecord job)
    {
        var store = host.Services.GetRequiredService<IArtifactStore>();
        var artifact = $"jobs/{job.Id}/video.mp4";
        await store.WriteAsync(artifact, (stream, token) => stream.WriteAsync("video"u8.ToArray(), token).AsTask(), Token);
        var completed = await new JobRecords(store).ChangeAsync(
            job.Id,
            record => record with { State = JobState.Completed, EndedAt = DateTimeOffset.UtcNow, Files = [new JobFile("mp4", artifact, "video/mp4", 5, new string('0', 64))] },
            Token);
        foreach (var listener in host.Services.GetServices<IJobEndListener>())
        {
            await listener.JobEndedAsync(completed!.Value.Record, Token);
        }
    }

    private UploadPlace Place(string name, string owner) =>
        new(PathOf(name), PathOf(name + "-outputs"), new UploadOptions { Owner = owner, TextWait = TimeSpan.Zero, PollInterval = TimeSpan.FromMilliseconds(10) });

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private void Put(string folder, string name)
    {
        var temporary = Path.Combine(_folder.Path, name);
        File.WriteAllText(temporary, name);
        File.SetLastWriteTimeUtc(temporary, DateTime.UtcNow.AddMinutes(-10));
        File.Move(temporary, Path.Combine(PathOf(folder), name));
    }

    private sealed class AcceptingValidator : IImageValidator
    {
        public Task<InputPicture> ValidateAsync(ReadOnlyMemory<byte> file, ImageLimits limits, CancellationToken cancellationToken) => Task.FromResult(new InputPicture(file, "png"));
    }
}
