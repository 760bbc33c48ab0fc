using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;
using Emu.Generation.Models;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Tests.Stages;

/// <summary>The interpolate stage on a small package in Emu Video's shape, whose network makes 37 frames of 8.</summary>
public sealed class InterpolateStageTests : IDisposable
{
    private const string Name = "mini";

    private static readonly JobDraft Draft = new() { Kind = JobKind.Video, Prompt = "green yellow red", Seed = 5, Size = new FrameSize(32, 32) };

    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu });
    private readonly MiniPackage _package = MiniInterpolation.Create();
    private readonly ModelLibrary _models;

    public InterpolateStageTests() => _models = new ModelLibrary(_sessions, [new(Name, _package.Path)]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _sessions.Dispose();
        _package.Dispose();
    }

    [Fact]
    public async Task Interpolate_WithANetwork_MakesSixtyFiveFramesAndKeepsTheClipsOwn()
    {
        var (clip, frames, slices) = await InterpolateAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(1, slices);
        Assert.Equal([65, 4, 4, 4], frames.Shape);
        for (var frame = 0; frame < MiniInterpolation.Frames; frame++)
        {
            Assert.Equal(clip.Slice(frame, 1).Span.ToArray(), frames.Slice(4 * frame, 1).Span.ToArray());
        }

        // Neither copies nor mixtures of their neighbours, as without a network.
        var mixed = clip.Span[..64].ToArray().Zip(clip.Span[64..128].ToArray(), (first, second) => (first + second) / 2).ToArray();
        Assert.Contains(mixed.Zip(frames.Slice(2, 1).Span.ToArray()), pair => Math.Abs(pair.First - pair.Second) > 0.01f);
    }

    [Fact]
    public async Task Interpolate_CutAfterEveryStep_EndsBitIdentical()
    {
        var (_, whole, _) = await InterpolateAsync(TimeSpan.FromMinutes(10));
        var (_, cut, slices) = await InterpolateAsync(TimeSpan.FromTicks(1));

        Assert.Equal(6, slices);
        Assert.Equal(whole.Span.ToArray(), cut.Span.ToArray());
    }

    [Fact]
    public async Task Upsample_OfInterpolatedFrames_GivesEveryFrame()
    {
        using var runner = new StageRunner(_models, Draft);
        await RunToInterpolationAsync(runner);
        var chunks = (await runner.RunAsync(StageNames.Interpolate, [StageNames.Animate])).Chunks!.Value;

        var frames = 0;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            await runner.RunAsync(StageNames.Upsample, [StageNames.Interpolate], chunk, chunks);
            using var file = new MemoryStream(await runner.ReadAsync(StageNames.Chunk(StageNames.Upsample, chunk), StageFiles.FrameVideo));
            frames += await new Emu.Media.Video.FrameChunkCodec().ReadAsync(file, cancellationToken: Token).CountAsync(Token);
        }

        Assert.Equal(65, frames);
    }

    private static async Task RunToInterpolationAsync(StageRunner runner)
    {
        await runner.CreateAsync();
        await runner.RunAsync(StageNames.Keyframe, []);
        await runner.RunAsync(StageNames.Animate, [StageNames.Keyframe]);
    }

    private async Task<(FloatTensor Clip, FloatTensor Frames, int Slices)> InterpolateAsync(TimeSpan budget)
    {
        using var runner = new StageRunner(_models, Draft, budget);
        await RunToInterpolationAsync(runner);
        await runner.RunAsync(StageNames.Interpolate, [StageNames.Animate]);
        var slices = runner.Slices;
        return (await runner.LatentsAsync(StageNames.Animate, StageFiles.ClipLatents), await runner.LatentsAsync(StageNames.Interpolate, StageFiles.FrameLatents), slices);
    }
}
