using Emu.Durable.Abstractions;
using Emu.Generation.Stages;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Tests;

namespace Emu.Generation.Tests.Stages;

public sealed class EncodeStageTests : IDisposable
{
    // Above ten, so that the chunks' order as numbers differs from their names'.
    private const int Chunks = 11;

    private static readonly StageSpan Span = new(5, 5, 90, 99);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly JobService _jobs;

    public EncodeStageTests()
    {
        _store = FolderArtifactStore.OpenOwned(_folder.Path);
        _jobs = new JobService(_store, null);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_Chunks_BecomeEveryFormatInOrder()
    {
        SkipWithoutFfmpeg();
        var id = await CreateAsync(TestModels.Video() with { Formats = ["mp4", "apng"], Transparent = true });
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            await UpsampleAsync(id, chunk, Chunks);
        }

        string[] reads = [.. Enumerable.Range(0, Chunks).Select(chunk => StageNames.Chunk(StageNames.Upsample, chunk))];
        var result = await new StageActivity(new EncodeStage(), _store).RunAsync(new StageCall(id, Span, reads), 1, Cancellation);

        var manifest = (await new StageManifests(_store, id).FindAsync(StageNames.Encode, Cancellation))!;
        Assert.True(result.Done);
        Assert.Equal(["video.mp4", "video.apng", "thumbnail.webp", "spritesheet.jpg"], manifest.Files.Select(file => file.Name));
        var levels = new List<int>();
        await using (var stream = await _store.OpenReadAsync(manifest.Find("video.apng")!.Artifact, Cancellation))
        {
            await foreach (var frame in new VideoFrameReader().ReadAsync(stream, VideoFormat.Apng, Cancellation))
            {
                levels.Add(frame[0, 0].Red);
                Assert.Equal((64, 64, 0), (frame.Width, frame.Height, frame[63, 63].Alpha));
            }
        }

        Assert.Equal(Enumerable.Range(0, 2 * Chunks).Select(Level), levels);
        Assert.Equal(0, (await PictureAsync(manifest, "thumbnail.webp"))[63, 63].Alpha);
        Assert.Equal((4 * 128, 4 * 128), await SizeAsync(manifest, "spritesheet.jpg"));
    }

    [Fact]
    public async Task RunAsync_FramesSmallerThanRequested_AreEnlarged()
    {
        SkipWithoutFfmpeg();
        var id = await CreateAsync(TestModels.Video() with { Formats = ["apng"], Size = new FrameSize(128, 128), Transparent = true });
        await UpsampleAsync(id, 0, 1);

        await new StageActivity(new EncodeStage(), _store).RunAsync(new StageCall(id, Span, ["upsample.0"]), 1, Cancellation);

        var manifest = (await new StageManifests(_store, id).FindAsync(StageNames.Encode, Cancellation))!;
        await using var stream = await _store.OpenReadAsync(manifest.Find("video.apng")!.Artifact, Cancellation);
        await foreach (var frame in new VideoFrameReader().ReadAsync(stream, VideoFormat.Apng, Cancellation))
        {
            Assert.Equal((128, 128, 0), (frame.Width, frame.Height, frame[127, 127].Alpha));
        }

        Assert.Equal((128, 128), await SizeAsync(manifest, "thumbnail.webp"));
    }

    [Fact]
    public async Task RunAsync_TransparencyNotRequested_IsWhite()
    {
        SkipWithoutFfmpeg();
        var id = await CreateAsync(TestModels.Video() with { Formats = ["apng"] });
        await UpsampleAsync(id, 0, 1);

        await new StageActivity(new EncodeStage(), _store).RunAsync(new StageCall(id, Span, ["upsample.0"]), 1, Cancellation);

        var manifest = (await new StageManifests(_store, id).FindAsync(StageNames.Encode, Cancellation))!;
        await using var stream = await _store.OpenReadAsync(manifest.Find("video.apng")!.Artifact, Cancellation);
        await foreach (var frame in new VideoFrameReader().ReadAsync(stream, VideoFormat.Apng, Cancellation))
        {
            Assert.Equal(PictureColor.White, frame[63, 63]);
        }

        Assert.Equal(255, (await PictureAsync(manifest, "thumbnail.webp"))[63, 63].Alpha);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 255)]
    public async Task RunAsync_Image_IsTheKeyframeAtTheRequestedSize(bool transparent, int alpha)
    {
        var id = await CreateAsync(new JobDraft { Kind = JobKind.Image, Prompt = "a duck", Size = new FrameSize(128, 128), Formats = ["png", "jpeg"], Transparent = transparent });
        var keyframe = new TestStage(StageNames.Keyframe, async (run, token) => StageOutcome.Done(
            [await run.WriteAsync(StageFiles.KeyframePicture, (stream, inner) => new PictureWriter().WriteAsync(Frame(3), stream, null, inner), token)]));
        await new StageActivity(keyframe, _store).RunAsync(new StageCall(id, Span, []), 1, Cancellation);

        await new StageActivity(new EncodeStage(), _store).RunAsync(new StageCall(id, Span, [StageNames.Keyframe]), 1, Cancellation);

        var manifest = (await new StageManifests(_store, id).FindAsync(StageNames.Encode, Cancellation))!;
        Assert.Equal(["image.png", "image.jpeg"], manifest.Files.Select(file => file.Name));
        var png = await PictureAsync(manifest, "image.png");
        Assert.Equal((128, 128, alpha), (png.Width, png.Height, png[127, 127].Alpha));
        Assert.Equal((128, 128), await SizeAsync(manifest, "image.jpeg"));
    }

    [Fact]
    public async Task RunAsync_DamagedChunk_FailsWithoutLeavingAnything()
    {
        SkipWithoutFfmpeg();
        var id = await CreateAsync(TestModels.Video());
        var damaged = new TestStage(StageNames.Upsample, async (run, token) => StageOutcome.Done([await TestStage.WriteAsync(run, StageFiles.FrameVideo, "no video", token)]));
        await new StageActivity(damaged, _store).RunAsync(new StageCall(id, Span, [], 0, 1), 1, Cancellation);

        await Assert.ThrowsAsync<ActivityFailedException>(() => new StageActivity(new EncodeStage(), _store).RunAsync(new StageCall(id, Span, ["upsample.0"]), 1, Cancellation));

        Assert.Null(await new StageManifests(_store, id).FindAsync(StageNames.Encode, Cancellation));
        await foreach (var file in _store.ListAsync($"jobs/{id}/encode/", null, Cancellation))
        {
            Assert.Fail($"'{file.Name}' was left.");
        }
    }

    private static void SkipWithoutFfmpeg()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg")));
        Assert.SkipUnless(found, $"ffmpeg is not installed: {FfmpegInstallation.InstallCommand}");
    }

    private static int Level(int frame) => 10 + (frame * 10);

    private static Picture Frame(int number) => Picture.Create(64, 64, number, static (samples, frame) =>
    {
        for (var i = 0; i < samples.Length / 2; i += 4)
        {
            samples[i] = (byte)Level(frame);
            samples[i + 3] = 255;
        }
    });

    private async Task UpsampleAsync(string id, int chunk, int chunks)
    {
        var stage = new TestStage(StageNames.Upsample, async (run, token) => StageOutcome.Done(
        [
            await run.WriteAsync(StageFiles.FrameVideo, (stream, inner) => new FrameChunkCodec().WriteAsync(new[] { Frame(chunk * 2), Frame((chunk * 2) + 1) }.ToAsyncEnumerable(), 16, stream, 2, inner), token),
        ]));
        await new StageActivity(stage, _store).RunAsync(new StageCall(id, Span, [], chunk, chunks), 1, Cancellation);
    }

    private async Task<Picture> PictureAsync(StageManifest manifest, string file) =>
        await new PictureReader().ReadAsync((await _store.ReadAsync(manifest.Find(file)!.Artifact, Cancellation))!.Content, Cancellation);

    private async Task<(int Width, int Height)> SizeAsync(StageManifest manifest, string file)
    {
        var picture = await PictureAsync(manifest, file);
        return (picture.Width, picture.Height);
    }

    private async Task<string> CreateAsync(JobDraft draft)
    {
        await _jobs.Models.PublishAsync(TestModels.Sticker, Cancellation);
        return (await _jobs.CreateAsync("local", draft, null, null, Cancellation)).Job.Record.Id;
    }
}
