using System.Globalization;
using Emu.Durable.Abstractions;
using Emu.Generation.Stages;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Tests;

namespace Emu.Generation.Tests.Stages;

/// <summary>Every target's files against the limits that its service publishes, read by programs that are not ours.</summary>
public sealed class StickerFilesTests : IDisposable
{
    // Four seconds at eight frames a second.
    private const int FrameCount = 32;

    private const int NativeSide = 128;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly JobService _jobs;

    public StickerFilesTests()
    {
        _store = FolderArtifactStore.OpenOwned(_folder.Path);
        _jobs = new JobService(_store, null);
        Assert.SkipWhen(FfmpegInstallation.TryLocate(new FfmpegOptions()) is null, $"ffmpeg is not installed: {FfmpegInstallation.InstallCommand}");
    }

    public static TheoryData<string> Targets => [.. StickerTargets.Names];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task RunAsync_VideoForATarget_KeepsEveryLimit(string target)
    {
        var limits = StickerTargets.Find(target)!.Video;
        var id = await CreateAsync(new JobDraft { Kind = JobKind.Video, Prompt = "a duck", Seed = 7, Target = target });
        await UpsampleAsync(id);

        var file = await EncodeAsync(id, "upsample.0", $"video.{limits.Formats[0]}");

        var seconds = await CheckVideoAsync(limits, file);
        var job = (await _jobs.GetAsync(Owner.Local, id, Cancellation)).Record;
        Assert.Equal(seconds < 3.9, job.Warnings.Any(warning => warning.Contains("times as fast", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task RunAsync_ImageForATarget_KeepsEveryLimit(string target)
    {
        var limits = StickerTargets.Find(target)!.Image;
        var id = await CreateAsync(new JobDraft { Kind = JobKind.Image, Prompt = "a duck", Seed = 7, Target = target, Formats = limits.Formats });
        var keyframe = new TestStage(StageNames.Keyframe, async (run, token) => StageOutcome.Done(
            [await run.WriteAsync(StageFiles.KeyframePicture, (stream, inner) => new PictureWriter().WriteAsync(Frames.Grainy(NativeSide, 1).Single(), stream, null, inner), token)]));
        await new StageActivity(keyframe, _store).RunAsync(new StageCall(id, new StageSpan(1, 5, 0, 20), []), 1, Cancellation);

        foreach (var format in limits.Formats)
        {
            var file = await EncodeAsync(id, StageNames.Keyframe, $"image.{format}");
            var content = (await _store.ReadAsync(file.Artifact, Cancellation))!.Content;
            Assert.InRange(content.Length, 1, limits.MaximumBytes);
            var picture = await new PictureReader().ReadAsync(content, Cancellation);
            Assert.Equal((limits.Side, limits.Side), (picture.Width, picture.Height));
            Assert.InRange(picture[0, 0].Alpha, format == "jpeg" ? 255 : 0, format == "jpeg" ? 255 : 16);
        }
    }

    [Fact]
    public async Task RunAsync_FormatThatTheTargetDoesNotTake_PlaysAtItsOwnSpeed()
    {
        var id = await CreateAsync(new JobDraft { Kind = JobKind.Video, Prompt = "a duck", Seed = 7, Target = "telegram" });
        await new JobRecords(_store).ChangeAsync(id, job => job with { Request = job.Request with { Formats = ["mp4"] } }, Cancellation);
        await UpsampleAsync(id);

        var file = await EncodeAsync(id, "upsample.0", "video.mp4");

        Assert.Equal((FrameCount, 4.0), (file.Media!.Frames, file.Media.Seconds));
    }

    [Fact]
    public async Task RunAsync_MaximumBytes_IsKeptAndSaid()
    {
        var id = await CreateAsync(new JobDraft { Kind = JobKind.Video, Prompt = "a duck", Seed = 7, Size = new FrameSize(128, 128), Formats = ["gif"], MaximumBytes = 40_000, Transparent = true });
        await UpsampleAsync(id);

        var file = await EncodeAsync(id, "upsample.0", "video.gif");

        Assert.InRange(file.Length, 1, 40_000);
        var job = (await _jobs.GetAsync(Owner.Local, id, Cancellation)).Record;
        var warning = Assert.Single(job.Warnings);
        Assert.StartsWith("The GIF was reduced to stay within 40,000 bytes: ", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TooFewBytesAllowed_FailsWithTheSmallestThatWasReached()
    {
        var id = await CreateAsync(new JobDraft { Kind = JobKind.Video, Prompt = "a duck", Seed = 7, Target = "discord-emoji", MaximumBytes = 1_000 });
        await UpsampleAsync(id);

        var error = await Assert.ThrowsAsync<ActivityFailedException>(() => EncodeAsync(id, "upsample.0", "video.gif"));

        Assert.Equal((FailureCodes.TooLarge, false), (error.Failure.Code, error.Failure.Retryable));
        Assert.Contains("the smallest that was reached has", error.Message, StringComparison.Ordinal);
    }

    private async Task<double> CheckVideoAsync(StickerLimits limits, StageFile file)
    {
        var path = Path.Combine(_folder.Path, "made");
        var content = (await _store.ReadAsync(file.Artifact, Cancellation))!.Content.ToArray();
        await File.WriteAllBytesAsync(path, content, Cancellation);
        Assert.InRange(content.Length, 1, limits.MaximumBytes);
        var (codec, width, height, frames, seconds, alpha) = limits.Formats[0] == "webp" ? ProbeWebP(content) : await ProbeAsync(path, limits.Formats[0]);
        Assert.Equal(limits.Formats[0] == "webm" ? "vp9" : limits.Formats[0], codec);
        Assert.Equal(width, height);
        Assert.InRange(width, limits.MinimumSide, limits.Side);
        Assert.InRange(frames, 2, limits.MaximumFrames ?? FrameCount);
        Assert.InRange(seconds, 2.5, limits.MaximumSeconds is { } most ? Math.Min(most, 4.01) : 4.01);
        Assert.True(frames / seconds <= (limits.MaximumFrameRate ?? 50), $"{frames} frames in {seconds} s");
        Assert.True(alpha, "the ground is transparent");
        Assert.Equal((width, height, frames), (file.Media!.Width, file.Media.Height, file.Media.Frames));
        Assert.Equal(seconds, file.Media.Seconds!.Value, 1);
        return seconds;
    }

    private static (string Codec, int Width, int Height, int Frames, double Seconds, bool Alpha) ProbeWebP(byte[] content)
    {
        var (loops, milliseconds, alpha) = Containers.WebP(content);
        Assert.Equal(0, loops);
        // Width and height less one, 24 bits each, behind the flags of VP8X.
        return ("webp", 1 + content[24] + (content[25] << 8), 1 + content[27] + (content[28] << 8), Containers.WebPFrames(content), milliseconds / 1000.0, alpha);
    }

    private static async Task<(string Codec, int Width, int Height, int Frames, double Seconds, bool Alpha)> ProbeAsync(string path, string format)
    {
        var probe = await Ffmpeg.ProbeAsync(path);
        var stream = Assert.Single(probe.GetProperty("streams").EnumerateArray().ToList());
        var pixels = await Ffmpeg.DecodeAsync(path, format == "webm" ? ["-c:v", "libvpx-vp9"] : []);
        var content = await File.ReadAllBytesAsync(path, Cancellation);
        var seconds = format switch
        {
            "apng" => Containers.Apng(content).Seconds,
            "gif" => Containers.Gif(content).Delays.Sum() / 100.0,
            _ => double.Parse(probe.GetProperty("format").GetProperty("duration").GetString()!, CultureInfo.InvariantCulture),
        };
        return (
            stream.GetProperty("codec_name").GetString()!,
            stream.GetProperty("width").GetInt32(),
            stream.GetProperty("height").GetInt32(),
            int.Parse(stream.GetProperty("nb_read_frames").GetString()!, CultureInfo.InvariantCulture),
            seconds,
            pixels[3] < 16);
    }

    private async Task<StageFile> EncodeAsync(string id, string reads, string file)
    {
        await new StageActivity(new EncodeStage(), _store).RunAsync(new StageCall(id, new StageSpan(5, 5, 90, 99), [reads]), 1, Cancellation);
        return (await new StageManifests(_store, id).FindAsync(StageNames.Encode, Cancellation))!.Find(file)!;
    }

    private async Task UpsampleAsync(string id)
    {
        var stage = new TestStage(StageNames.Upsample, async (run, token) => StageOutcome.Done(
        [
            await run.WriteAsync(StageFiles.FrameVideo, (stream, inner) => new FrameChunkCodec().WriteAsync(Frames.Grainy(NativeSide, FrameCount).ToAsyncEnumerable(), 8, stream, FrameCount, inner), token),
        ]));
        await new StageActivity(stage, _store).RunAsync(new StageCall(id, new StageSpan(4, 5, 60, 90), [], 0, 1), 1, Cancellation);
    }

    private async Task<string> CreateAsync(JobDraft draft)
    {
        var model = TestModels.Sticker with { FrameRate = 8, VideoFormats = VideoFormats.All.Names, ImageFormats = PictureFormats.Writable.Names };
        await _jobs.Models.PublishAsync(model, Cancellation);
        return (await _jobs.CreateAsync(Owner.Local, draft, null, null, Cancellation)).Job.Record.Id;
    }
}
