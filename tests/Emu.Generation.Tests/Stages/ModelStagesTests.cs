using System.Text.Json.Nodes;
using Emu.Durable.Abstractions;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Tests.Stages;

public class ModelStagesTests(StickerModel model) : IClassFixture<StickerModel>
{
    private static readonly TimeSpan OneStep = TimeSpan.FromTicks(1);

    private static readonly JobDraft Ghost = new() { Kind = JobKind.Video, Prompt = "a ghost", Seed = 5, Steps = 3, Size = new FrameSize(128, 128) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ddim")]
    [InlineData("dpm++-2m")]
    [InlineData("euler-ancestral")]
    public async Task Denoising_CutAfterEveryStep_EndsBitIdentical(string noiseScheduler)
    {
        var draft = Ghost with { NoiseScheduler = noiseScheduler };
        using var whole = new StageRunner(model.Library, draft);
        using var cut = new StageRunner(model.Library, draft, OneStep);
        foreach (var runner in new[] { whole, cut })
        {
            await runner.CreateAsync();
            await runner.RunAsync(StageNames.Keyframe, []);
            Assert.Equal(runner == cut ? 3 : 1, runner.Slices);
            await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
            Assert.Equal(runner == cut ? 3 : 1, runner.Slices);
        }

        Assert.Equal(await whole.ReadAsync(StageNames.Keyframe, StageFiles.KeyframeLatents), await cut.ReadAsync(StageNames.Keyframe, StageFiles.KeyframeLatents));
        Assert.Equal(await whole.ReadAsync(StageNames.Keyframe, StageFiles.KeyframePicture), await cut.ReadAsync(StageNames.Keyframe, StageFiles.KeyframePicture));
        Assert.Equal(await whole.ReadAsync(StageNames.Animate, StageFiles.ClipLatents), await cut.ReadAsync(StageNames.Animate, StageFiles.ClipLatents));
    }

    [Fact]
    public async Task Stages_InOrder_LeaveEveryFrameOfTheLoop()
    {
        using var runner = new StageRunner(model.Library, Ghost with { Steps = 1, Size = new FrameSize(256, 256) });
        await runner.CreateAsync();
        await runner.RunAsync(StageNames.Keyframe, []);
        await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
        var interpolated = await runner.RunAsync(StageNames.Interpolate, [StageNames.Animate]);
        Assert.Equal(1, interpolated.Chunks);

        var clip = await runner.LatentsAsync(StageNames.Animate, StageFiles.ClipLatents);
        var frames = await runner.LatentsAsync(StageNames.Interpolate, StageFiles.FrameLatents);
        Assert.Equal(model.Package.Description.Ticks, frames.Shape[0]);
        Assert.Equal(clip.Slice(3, 1).Span, frames.Slice(12, 1).Span);

        await runner.RunAsync(StageNames.Upsample, [StageNames.Interpolate], 0, 1);
        using var chunk = new MemoryStream(await runner.ReadAsync(StageNames.Chunk(StageNames.Upsample, 0), StageFiles.FrameVideo));
        var pictures = await new FrameChunkCodec().ReadAsync(chunk, frames.Shape[0], Token).ToListAsync(Token);
        var native = model.Package.Description.NativeSize;
        Assert.All(pictures, picture => Assert.Equal((native, native), (picture.Width, picture.Height)));
    }

    [Fact]
    public async Task Upsample_WithCoringBoundsAboveAllMotion_GivesTheFirstFrameInEveryChunk()
    {
        using var folder = new TemporaryFolder();
        CopyPackage(folder["still"]);
        var path = Path.Combine(folder["still"], "emu.json");
        var description = JsonNode.Parse(await File.ReadAllTextAsync(path, Token))!;
        var video = description["video"]!.AsObject();
        video["frame_coring"] = new JsonArray(.999, 1);
        video.Remove("frame_gains");
        video.Remove("frame_gains_halve_at");
        description["ticks"] = 72;
        await File.WriteAllTextAsync(path, description.ToJsonString(), Token);
        using var white = new MemoryStream();
        await new PictureWriter().WriteAsync(Picture.Filled(32, 32, PictureColor.White), white, cancellationToken: Token);
        using var runner = new StageRunner(new(model.Sessions, [new(StickerModel.Name, folder["still"])]), Ghost with { Steps = 1, Size = new FrameSize(256, 256) });
        await runner.CreateAsync(white.ToArray());
        await runner.RunAsync(StageNames.Keyframe, []);
        await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
        var interpolated = await runner.RunAsync(StageNames.Interpolate, [StageNames.Animate]);
        Assert.Equal(2, interpolated.Chunks);

        var frames = new List<Picture>();
        for (var chunk = 0; chunk < interpolated.Chunks; chunk++)
        {
            await runner.RunAsync(StageNames.Upsample, [StageNames.Interpolate], chunk, interpolated.Chunks);
            using var file = new MemoryStream(await runner.ReadAsync(StageNames.Chunk(StageNames.Upsample, chunk), StageFiles.FrameVideo));
            frames.AddRange(await new FrameChunkCodec().ReadAsync(file, chunk == 0 ? 64 : 8, Token).ToListAsync(Token));
        }

        Assert.Equal(72, frames.Count);
        for (var frame = 1; frame < frames.Count; frame++)
        {
            var differing = frames[0].Samples.ToArray().Zip(frames[frame].Samples.ToArray()).Count(pair => pair.First != pair.Second);
            Assert.True(differing < frames[0].Samples.Length / 1000, $"Frame {frame} differs from the first in {differing} samples.");
        }

        Assert.Contains(frames[0].Samples.ToArray(), sample => sample > 128);
    }

    [Fact]
    public async Task Keyframe_OfAPicture_IsThatPictureWithItsTransparency()
    {
        using var runner = new StageRunner(model.Library, Ghost with { Prompt = "" });
        using var file = new MemoryStream();
        var picture = Picture.Filled(64, 32, new PictureColor(30, 160, 60));
        await new PictureWriter().WriteAsync(picture, file, cancellationToken: Token);
        await runner.CreateAsync(file.ToArray());
        await runner.RunAsync(StageNames.Keyframe, []);

        var keyframe = await new PictureReader().ReadAsync(await runner.ReadAsync(StageNames.Keyframe, StageFiles.KeyframePicture), Token);
        var (middle, above) = (keyframe[64, 64], keyframe[64, 6]);
        Assert.True(middle.Green > middle.Red + 60 && middle.Alpha > 220, $"The middle is {middle}.");
        Assert.True(above.Alpha < 60, $"Above the wide picture is {above}.");
    }

    [Fact]
    public async Task Animate_WithGuidanceForAPicturesJob_DiffersFromTheUnguidedClip()
    {
        using var file = new MemoryStream();
        await new PictureWriter().WriteAsync(Picture.Filled(32, 32, PictureColor.White), file, cancellationToken: Token);
        var clips = new List<byte[]>();
        foreach (var guidance in new double?[] { null, 3 })
        {
            using var runner = new StageRunner(model.Library, Ghost with { Steps = 2, Guidance = guidance });
            await runner.CreateAsync(file.ToArray());
            await runner.RunAsync(StageNames.Keyframe, []);
            await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
            clips.Add(await runner.ReadAsync(StageNames.Animate, StageFiles.ClipLatents));
        }

        Assert.NotEqual(clips[0], clips[1]);
    }

    [Fact]
    public async Task Stage_RequestThatTheModelWasNotTrainedFor_FailsWithoutRetry()
    {
        using var runner = new StageRunner(model.Library, Ghost);
        await runner.CreateAsync(RequestOf(Ghost) with { ImageGuidance = 2 });
        await runner.RunAsync(StageNames.Keyframe, []);
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]));
        Assert.Equal(FailureCodes.InvalidInput, failed.Failure.Code);
        Assert.False(failed.Failure.Retryable);
        Assert.Contains("image guidance", failed.Message);
    }

    [Fact]
    public async Task Stage_ForAModelThatIsNotHere_FailsWithoutRetryAndNamesThoseThereAre()
    {
        using var runner = new StageRunner(model.Library, Ghost);
        await runner.CreateAsync(RequestOf(Ghost) with { Model = "landscape" });
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => runner.RunAsync(StageNames.Keyframe, []));
        Assert.Equal(FailureCodes.InvalidInput, failed.Failure.Code);
        Assert.Contains("there are: sticker", failed.Message);
    }

    [Fact]
    public async Task Keyframe_OfAFileThatIsNoPicture_FailsWithoutRetry()
    {
        using var runner = new StageRunner(model.Library, Ghost);
        await runner.CreateAsync("no picture"u8.ToArray());
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => runner.RunAsync(StageNames.Keyframe, []));
        Assert.Equal(FailureCodes.InvalidInput, failed.Failure.Code);
        Assert.False(failed.Failure.Retryable);
    }

    [Fact]
    public async Task Stage_WithADamagedPackage_FailsWithoutRetryAndNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        CopyPackage(folder["damaged"]);
        File.Delete(Path.Combine(folder["damaged"], "vae_decoder", "model.onnx"));
        using var runner = new StageRunner(new(model.Sessions, [new(StickerModel.Name, folder["damaged"])]), Ghost);
        await runner.CreateAsync(RequestOf(Ghost));
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => runner.RunAsync(StageNames.Keyframe, []));
        Assert.Equal(FailureCodes.ModelUnavailable, failed.Failure.Code);
        Assert.Contains(Path.Combine("vae_decoder", "model.onnx"), failed.Message);
    }

    private static JobRequest RequestOf(JobDraft draft) => new()
    {
        Kind = draft.Kind,
        Prompt = draft.Prompt,
        Model = StickerModel.Name,
        Size = draft.Size!.Value,
        Seconds = 4,
        Seed = draft.Seed!.Value,
        Steps = 1,
        Formats = ["mp4"],
    };

    private static void CopyPackage(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(StickerModel.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(StickerModel.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
