using Emu.Media.Pictures;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class UploadHandlerTests : UploadFolderTests
{
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
        Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(UploadOutcomeKind.Waiting, before.Kind);
        Assert.Equal(UploadOutcomeKind.Started, (await HandleAsync("cat.png")).Kind);
        Assert.Equal("", Assert.Single(await JobsAsync()).Request.Prompt);
    }

    [Fact]
    public async Task HandleAsync_NoTextThoughRequired_EndsAsAReportBeside()
    {
        await PutPictureAsync("cat.png");
        Time.Advance(TimeSpan.FromSeconds(11));

        var outcomes = new[] { await HandleAsync("cat.png", requireText: true), await HandleAsync("cat.png", requireText: true) };

        Assert.All(outcomes, outcome => Assert.Equal(new UploadOutcome(UploadOutcomeKind.Refused, null, UploadCodes.PromptMissing), outcome));
        Assert.Empty(await JobsAsync());
        Assert.Equal(UploadCodes.PromptMissing, (await ReportAsync("cat.png")).Error.Code);
    }

    [Fact]
    public async Task HandleAsync_TextAfterTheJobBegan_IsReportedBesideIt()
    {
        await PutPictureAsync("cat.png");
        Time.Advance(TimeSpan.FromSeconds(11));
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
        Time.Advance(TimeSpan.FromSeconds(11));
        var first = await HandleAsync("cat.png");
        await PutPictureAsync("cat.png", width: 9);
        Time.Advance(TimeSpan.FromSeconds(11));

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
        Time.Advance(TimeSpan.FromSeconds(30));
        var early = await HandleAsync("cat.png");
        Time.Advance(TimeSpan.FromSeconds(40));

        var late = await HandleAsync("cat.png");

        Assert.Equal(UploadOutcomeKind.Waiting, early.Kind);
        Assert.Equal(PictureErrorCode.Damaged, late.Code);
        Assert.Equal(PictureErrorCode.Damaged, (await ReportAsync("cat.png")).Error.Code);
        Assert.Empty(await JobsAsync());
    }

    [Theory]
    [InlineData("Thumbs.db")]
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

        Time.Advance(TimeSpan.FromSeconds(11));
        var names = Enumerable.Range(0, 100).Select(index => $"{index:d3}.png").ToArray();
        var outcomes = await Task.WhenAll(names.Concat(names).Select(name => Task.Run(() => HandleAsync(name), Token)));
        var again = await Task.WhenAll(names.Select(name => HandleAsync(name)));

        Assert.Equal(100, (await JobsAsync()).Count);
        Assert.Equal(100, outcomes.Count(outcome => outcome.Kind == UploadOutcomeKind.Started));
        Assert.All(again, outcome => Assert.Equal(UploadOutcomeKind.AlreadyStarted, outcome.Kind));
    }
}
