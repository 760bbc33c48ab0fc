using System.Text.Json;
using Emu.Generation.Images;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Tests.Webhooks;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class UploadHandlerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emu-upload-jobs-").FullName;
    private readonly ManualTime _time = new();
    private readonly ImageUploadValidator _images = new();
    private FolderArtifactStore _store = null!;
    private JobService _jobs = null!;
    private FolderUploadContainer _uploads = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = FolderArtifactStore.OpenOwned(Path.Combine(_folder, "store"));
        _jobs = new JobService(_store, client: null, options: new JobServiceOptions { DiskReserve = 0 });
        await _jobs.Models.PublishAsync(
            new ModelCapabilities
            {
                Name = "sticker",
                IsDefault = true,
                Kinds = [JobKind.Video],
                AcceptsPicture = true,
                Sizes = [new FrameSize(512, 512)],
                Seconds = [4],
                Steps = new NumberRange(1, 100, 25),
                VideoFormats = ["mp4"],
                MaximumPromptLength = 100,
            },
            Token);
        _uploads = new FolderUploadContainer(Path.Combine(_folder, "uploads"), "uploads", TimeSpan.Zero, _time);
    }

    public ValueTask DisposeAsync()
    {
        _images.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task HandleAsync_PictureAndTextBeside_StartsOneJobWithThePrompt()
    {
        await PutPictureAsync("cat.png");
        await PutTextAsync("cat.txt", "  ein Kater – 🐈\n");

        var outcomes = new[] { await HandleAsync("cat.png"), await HandleAsync("cat.txt"), await HandleAsync("cat.png") };

        Assert.Equal(UploadOutcomeKind.Started, outcomes[0].Kind);
        Assert.All(outcomes, outcome => Assert.Equal(outcomes[0].JobId, outcome.JobId));
        var job = Assert.Single(await JobsAsync());
        Assert.Equal("ein Kater – 🐈", job.Request.Prompt);
        Assert.Equal(new UploadSource("uploads", "cat.png"), job.Request.Upload);
        Assert.NotNull(job.Request.InputPicture);
        Assert.False(File.Exists(PathOf("cat.txt.error.json")));
    }

    [Fact]
    public async Task HandleAsync_TextFirst_WaitsForThePictureAndThenStarts()
    {
        await PutTextAsync("cat.txt", "a cat");
        var before = await HandleAsync("cat.txt");
        await PutPictureAsync("cat.png");

        Assert.Equal(UploadOutcomeKind.Waiting, before.Kind);
        Assert.Equal(UploadOutcomeKind.Started, (await HandleAsync("cat.txt")).Kind);
        Assert.Equal("a cat", Assert.Single(await JobsAsync()).Request.Prompt);
    }

    [Fact]
    public async Task HandleAsync_NoText_WaitsThenStartsWithoutAPrompt()
    {
        await PutPictureAsync("cat.png");
        var before = await HandleAsync("cat.png");
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(UploadOutcomeKind.Waiting, before.Kind);
        Assert.Equal(UploadOutcomeKind.Started, (await HandleAsync("cat.png")).Kind);
        Assert.Equal("", Assert.Single(await JobsAsync()).Request.Prompt);
    }

    [Fact]
    public async Task HandleAsync_NoTextThoughRequired_EndsAsAReportBeside()
    {
        await PutPictureAsync("cat.png");
        _time.Advance(TimeSpan.FromSeconds(11));

        var outcomes = new[] { await HandleAsync("cat.png", requireText: true), await HandleAsync("cat.png", requireText: true) };

        Assert.All(outcomes, outcome => Assert.Equal(new UploadOutcome(UploadOutcomeKind.Refused, null, UploadCodes.PromptMissing), outcome));
        Assert.Empty(await JobsAsync());
        Assert.Equal(UploadCodes.PromptMissing, (await ReportAsync("cat.png")).Error.Code);
    }

    [Fact]
    public async Task HandleAsync_TextAfterTheJobBegan_IsReportedBesideIt()
    {
        await PutPictureAsync("cat.png");
        _time.Advance(TimeSpan.FromSeconds(11));
        var started = await HandleAsync("cat.png");
        await PutTextAsync("cat.txt", "too late");

        Assert.Equal(UploadCodes.TextTooLate, (await HandleAsync("cat.txt")).Code);
        Assert.Equal(UploadCodes.TextTooLate, (await HandleAsync("cat.txt")).Code);

        var report = await ReportAsync("cat.txt");
        Assert.Equal(started.JobId, report.JobId);
        Assert.Equal(UploadCodes.TextTooLate, report.Error.Code);
        Assert.Single(await JobsAsync());
    }

    [Fact]
    public async Task HandleAsync_PictureReplaced_StartsASecondJob()
    {
        await PutPictureAsync("cat.png");
        _time.Advance(TimeSpan.FromSeconds(11));
        var first = await HandleAsync("cat.png");
        await PutPictureAsync("cat.png", width: 9);
        _time.Advance(TimeSpan.FromSeconds(11));

        var second = await HandleAsync("cat.png");

        Assert.Equal(UploadOutcomeKind.Started, second.Kind);
        Assert.NotEqual(first.JobId, second.JobId);
    }

    [Fact]
    public async Task HandleAsync_HalfAPicture_IsGivenTimeThenRefused()
    {
        await PutPictureAsync("cat.png", width: 64);
        var whole = await File.ReadAllBytesAsync(PathOf("cat.png"), Token);
        await File.WriteAllBytesAsync(PathOf("cat.png"), whole[..(whole.Length / 2)], Token);
        Stamp("cat.png");
        _time.Advance(TimeSpan.FromSeconds(30));
        var early = await HandleAsync("cat.png");
        _time.Advance(TimeSpan.FromSeconds(40));

        var late = await HandleAsync("cat.png");

        Assert.Equal(UploadOutcomeKind.Waiting, early.Kind);
        Assert.Equal(PictureErrorCode.Damaged, late.Code);
        Assert.Equal(PictureErrorCode.Damaged, (await ReportAsync("cat.png")).Error.Code);
        Assert.Empty(await JobsAsync());
    }

    [Theory]
    [InlineData("notes.md")]
    [InlineData("cat.png.error.json")]
    [InlineData("missing.png")]
    public async Task HandleAsync_NotOurs_IsIgnored(string name)
    {
        if (name != "missing.png")
        {
            await PutTextAsync(name, "text");
        }

        Assert.Equal(UploadOutcomeKind.Ignored, (await HandleAsync(name)).Kind);
    }

    [Fact]
    public async Task HandleAsync_PromptTooLong_EndsAsAReportBeside()
    {
        await PutPictureAsync("cat.png");
        await PutTextAsync("cat.png.txt", new string('x', 101));

        Assert.Equal(UploadOutcomeKind.Refused, (await HandleAsync("cat.png")).Kind);
        Assert.Contains("100", (await ReportAsync("cat.png")).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_AHundredAtOnceAndAllAgain_MakesAHundredJobs()
    {
        foreach (var index in Enumerable.Range(0, 100))
        {
            await PutPictureAsync($"{index:d3}.png");
        }

        _time.Advance(TimeSpan.FromSeconds(11));
        var names = Enumerable.Range(0, 100).Select(index => $"{index:d3}.png").ToArray();
        var outcomes = await Task.WhenAll(names.Concat(names).Select(name => Task.Run(() => HandleAsync(name), Token)));
        var again = await Task.WhenAll(names.Select(name => HandleAsync(name)));

        Assert.Equal(100, (await JobsAsync()).Count);
        Assert.Equal(100, outcomes.Count(outcome => outcome.Kind == UploadOutcomeKind.Started));
        Assert.All(again, outcome => Assert.Equal(UploadOutcomeKind.AlreadyStarted, outcome.Kind));
    }

    private Task<UploadOutcome> HandleAsync(string name, bool requireText = false)
    {
        var route = new UploadRoute(_uploads, _uploads, new UploadOptions { Owner = "alice", RequireText = requireText });
        return new UploadHandler(_store, _jobs, _images, _time).HandleAsync(route, name, Token);
    }

    private async Task<List<JobRecord>> JobsAsync()
    {
        var page = await _jobs.ListAsync("alice", new JobQuery { Limit = 100 }, Token);
        return [.. page.Jobs.Select(job => job.Record)];
    }

    private async Task<UploadReport> ReportAsync(string name) =>
        JsonSerializer.Deserialize<UploadReport>(await File.ReadAllBytesAsync(PathOf(name + UploadName.ReportExtension), Token), PipelineJson.Options)!;

    private string PathOf(string name) => Path.Combine(_uploads.Folder, name);

    private async Task PutTextAsync(string name, string text)
    {
        await File.WriteAllTextAsync(PathOf(name), text, Token);
        Stamp(name);
    }

    private async Task PutPictureAsync(string name, int width = 8)
    {
        await new PictureWriter().WriteAsync(Picture.FromSamples(width, 8, new byte[width * 8 * 4]), PathOf(name), cancellationToken: Token);
        Stamp(name);
    }

    private void Stamp(string name) => File.SetLastWriteTimeUtc(PathOf(name), _time.GetUtcNow().UtcDateTime);
}
