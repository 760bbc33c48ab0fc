using System.Text.Json.Nodes;
using Emu.Diffusion.Pipelines;
using Emu.Durable.Abstractions;
using Emu.Generation.Motion;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Tests.Stages;

public partial class ModelStagesTests(StickerModel model) : IClassFixture<StickerModel>
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
        var flows = await runner.LatentsAsync(StageNames.Interpolate, StageFiles.FrameLatents);
        Assert.Equal([model.Package.Description.Ticks, 2, 16, 16], flows.Shape);
        Assert.Equal(LoopFlows.ToTicks(new MotionCodec(model.Package, model.Sessions).DecodeFlows(clip, Token), flows.Shape[0], model.Package.Description.Video!.Motion!.LeastArea).Span, flows.Span);

        await runner.RunAsync(StageNames.Upsample, [StageNames.Keyframe, StageNames.Interpolate], 0, 1);
        using var chunk = new MemoryStream(await runner.ReadAsync(StageNames.Chunk(StageNames.Upsample, 0), StageFiles.FrameVideo));
        var pictures = await new FrameChunkCodec().ReadAsync(chunk, flows.Shape[0], Token).ToListAsync(Token);
        var native = model.Package.Description.NativeSize;
        Assert.All(pictures, picture => Assert.Equal((native, native), (picture.Width, picture.Height)));
    }

    [Fact]
    public async Task Upsample_PromptThatStandsStill_GivesTheFirstFrameInEveryChunk()
    {
        using var folder = new TemporaryFolder();
        CopyPackage(folder["still"]);
        var path = Path.Combine(folder["still"], "emu.json");
        var description = JsonNode.Parse(await File.ReadAllTextAsync(path, Token))!;
        description["ticks"] = 72;
        await File.WriteAllTextAsync(path, description.ToJsonString(), Token);
        using var runner = new StageRunner(new(model.Sessions, [new(StickerModel.Name, folder["still"])]), Ghost with { Prompt = "a ghost standing still", Steps = 2, Size = new FrameSize(256, 256) }, OneStep);
        await runner.CreateAsync();
        await runner.RunAsync(StageNames.Keyframe, []);
        await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
        Assert.Equal(1, runner.Slices);           // nothing is denoised
        var frames = await FramesAsync(runner, 72);

        Assert.All(frames, frame => Assert.Equal(frames[0].Samples.ToArray(), frame.Samples.ToArray()));
        Assert.Contains(frames[0].Samples.ToArray(), sample => sample > 128);
    }

    [Fact]
    public async Task Stages_OfAPicture_MoveItAtItsOwnShapeAndBeginWithIt()
    {
        using var runner = new StageRunner(model.Library, Ghost with { Prompt = "", Size = null });
        var picture = Chequered(192, 96);
        using var file = new MemoryStream();
        await new PictureWriter().WriteAsync(picture, file, cancellationToken: Token);
        await runner.CreateAsync(file.ToArray(), new FrameSize(192, 96));
        await runner.RunAsync(StageNames.Keyframe, []);
        Assert.Equal(picture.Samples.ToArray(), (await new PictureReader().ReadAsync(await runner.ReadAsync(StageNames.Keyframe, StageFiles.KeyframePicture), Token)).Samples.ToArray());
        await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
        var frames = await FramesAsync(runner, 64);

        Assert.Equal(64, frames.Count);
        Assert.All(frames, frame => Assert.Equal((192, 96), (frame.Width, frame.Height)));
        Assert.InRange(Difference(picture, frames[0]), 0, 0.5);
        Assert.True(Difference(picture, frames[32]) > 1, "The camera does not move.");
        Assert.All(frames, frame => Assert.DoesNotContain(Enumerable.Range(0, frame.Samples.Length / 4), pixel => frame.Samples[(4 * pixel) + 3] != 255));
    }

    [Fact]
    public async Task Upsample_PictureOfAnotherShapeThanTheSize_LiesInItsMiddle()
    {
        using var runner = new StageRunner(model.Library, Ghost with { Prompt = "", Steps = 1 });
        using var file = new MemoryStream();
        await new PictureWriter().WriteAsync(Picture.Filled(64, 32, new PictureColor(30, 160, 60)), file, cancellationToken: Token);
        await runner.CreateAsync(file.ToArray());
        await runner.RunAsync(StageNames.Keyframe, []);
        await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
        var frames = await FramesAsync(runner, 64);

        Assert.Equal((128, 128), (frames[0].Width, frames[0].Height));
        var (middle, above) = (frames[40][64, 64], frames[40][64, 6]);
        Assert.True(middle.Green > middle.Red + 60 && middle.Alpha == 255, $"The middle is {middle}.");
        Assert.Equal(0, above.Alpha);
    }

    [Fact]
    public async Task Upsample_MotionAndCameraByFields_AreThose()
    {
        var frames = new List<Picture>();
        foreach (var motion in new[] { "none", "slide,1" })
        {
            using var runner = new StageRunner(model.Library, Ghost with { Steps = 1, Motion = motion });
            await runner.CreateAsync();
            await runner.RunAsync(StageNames.Keyframe, []);
            await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
            frames.Add((await FramesAsync(runner, 64))[16]);
        }

        Assert.True(Difference(frames[0], frames[1]) > 3);
    }

    [Fact]
    public async Task Animate_WithGuidanceForAPicturesJob_IsRefusedByName()
    {
        using var file = new MemoryStream();
        await new PictureWriter().WriteAsync(Picture.Filled(32, 32, PictureColor.White), file, cancellationToken: Token);
        using var runner = new StageRunner(model.Library, Ghost with { Guidance = 3 });
        await runner.CreateAsync(file.ToArray());
        await runner.RunAsync(StageNames.Keyframe, []);
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]));
        Assert.Contains("text guidance", failed.Message);
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
