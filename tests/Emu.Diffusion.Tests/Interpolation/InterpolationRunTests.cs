using Emu.Diffusion.Interpolation;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;

namespace Emu.Diffusion.Tests.Interpolation;

public sealed class InterpolationRunTests : IDisposable
{
    private const int Steps = 3;
    private const int FrameLength = 4 * 4 * 4;

    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1 });
    private readonly MiniPackage _files = MiniInterpolation.Create();
    private readonly ModelPackage _package;

    public InterpolationRunTests() => _package = ModelPackage.Load(_files.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _sessions.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void GetFrames_SixteenFrames_AreTwoHalvesJoinedToSixtyFive()
    {
        var clip = Clip();
        using InterpolationRun run = new(_package, _sessions, Request(), clip, Token);
        Assert.Equal(2 * Steps, run.StepCount);

        var video = Finish(run);

        Assert.Equal([65, 4, 4, 4], video.Shape);
        var halves = new[] { ExpectedHalf(0, clip), ExpectedHalf(1, clip) };
        for (var tick = 0; tick < 65; tick++)
        {
            if (tick % 4 == 0 && tick < 64)
            {
                Assert.Equal(clip.Slice(tick / 4, 1).Span.ToArray(), video.Slice(tick, 1).Span.ToArray());
                continue;
            }

            // Ticks −4 to 32 and 28 to 64; up to tick 30 the first half stands as near to a known frame.
            var (half, frame) = tick <= 30 ? (0, tick + 4) : (1, tick - 28);
            var expected = halves[half].AsSpan(frame * FrameLength, FrameLength).ToArray();
            Assert.All(expected.Zip(video.Slice(tick, 1).Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }
    }

    [Fact]
    public async Task RestoreAsync_AfterEveryStep_EndsBitIdentical()
    {
        var clip = Clip();
        using InterpolationRun whole = new(_package, _sessions, Request(), clip, Token);
        var expected = Finish(whole);

        FloatTensor? video = null;
        byte[]? checkpoint = null;
        for (var step = 0; step <= 2 * Steps; step++)
        {
            using InterpolationRun run = new(_package, _sessions, Request(), clip, Token);
            if (checkpoint is not null)
            {
                await run.RestoreAsync(new MemoryStream(checkpoint), Token);
            }

            Assert.Equal(step, run.CurrentStep);
            if (run.IsDone)
            {
                video = run.GetFrames();
                break;
            }

            run.Step(Token);
            using MemoryStream stream = new();
            await run.SaveCheckpointAsync(stream, Token);
            checkpoint = stream.ToArray();
        }

        Assert.Equal(expected.Span.ToArray(), video!.Span.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task RestoreAsync_CheckpointOfOtherInput_IsRefusedAndTheRunUnchanged(int steps)
    {
        using InterpolationRun other = new(_package, _sessions, Request() with { InputHash = "other" }, Clip(), Token);
        for (var step = 0; step < steps; step++)
        {
            other.Step(Token);
        }

        using MemoryStream checkpoint = new();
        await other.SaveCheckpointAsync(checkpoint, Token);
        checkpoint.Position = 0;
        using InterpolationRun run = new(_package, _sessions, Request(), Clip(), Token);

        var refused = await Assert.ThrowsAsync<CheckpointException>(() => run.RestoreAsync(checkpoint, Token));

        Assert.Contains("input_hash", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, run.CurrentStep);
        run.Step(Token);
        Assert.Throws<InvalidOperationException>(run.GetFrames);
    }

    [Fact]
    public async Task RestoreAsync_CheckpointOfAnotherKind_IsRefused()
    {
        using DenoiseRun other = new(_package, _sessions, Request() with { Denoiser = _package.Video!, ImageLatents = Clip().Slice(0, 1) });
        using MemoryStream checkpoint = new();
        await other.SaveCheckpointAsync(checkpoint, Token);
        checkpoint.Position = 0;
        using InterpolationRun run = new(_package, _sessions, Request(), Clip(), Token);

        var refused = await Assert.ThrowsAsync<CheckpointException>(() => run.RestoreAsync(checkpoint, Token));

        Assert.Contains("finished_segments", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetFrames_OfALoop_AreSixtyFour()
    {
        using var files = MiniInterpolation.Create(loops: true);
        var package = ModelPackage.Load(files.Path);
        var clip = Clip();
        using InterpolationRun run = new(package, _sessions, Request() with { Denoiser = package.Interpolation! }, clip, Token);

        var video = Finish(run);

        Assert.Equal([64, 4, 4, 4], video.Shape);
        Assert.Equal(clip.Slice(15, 1).Span.ToArray(), video.Slice(60, 1).Span.ToArray());
    }

    [Fact]
    public void Constructor_PackageWithoutNetwork_Throws()
    {
        using MiniPackage files = new("StableDiffusionPipeline", new MiniDenoiser());
        var package = ModelPackage.Load(files.Path);

        Assert.Throws<UnsupportedByModelException>(() => new InterpolationRun(package, _sessions, Request() with { Denoiser = package.Image! }, Clip(), Token));
    }

    private static FloatTensor Finish(InterpolationRun run)
    {
        while (!run.IsDone)
        {
            run.Step(Token);
        }

        return run.GetFrames();
    }

    private static FloatTensor Clip()
    {
        FloatTensor clip = new([16, 4, 4, 4]);
        PhiloxNoise.Fill(clip.Span, 77, NoiseStage.Clip, 0, 0);
        return clip;
    }

    private DenoiseRequest Request()
    {
        TextEncoder text = new(_package, _sessions);
        return new()
        {
            Denoiser = _package.Interpolation!,
            NoiseScheduler = NoiseSchedulerFactory.Create(_package.NoiseScheduler, Steps),
            Stage = NoiseStage.Interpolation,
            Seed = 11,
            Text = text.Encode("green yellow red", Token),
            UnconditionalPrompt = text.EncodeUnconditional(Token),
            TextGuidance = 2,
            ImageGuidance = 1.5f,
            InputHash = "own",
        };
    }

    /// <summary>One half by loops: X(∅) + 1.5·(X(I) − X(∅)) + 2·(X(I,p) − X(I)), frames before channels.</summary>
    private float[] ExpectedHalf(int half, FloatTensor clip)
    {
        var request = Request();
        var scheduler = request.NoiseScheduler;
        float[] augmentation = new float[clip.Span.Length], noised = new float[clip.Span.Length], sample = new float[37 * FrameLength];
        PhiloxNoise.Fill(augmentation, request.Seed, NoiseStage.Augmentation, 0, 0);
        scheduler.AddNoise(clip.Span, augmentation, 100, noised);
        PhiloxNoise.Fill(sample, request.Seed, NoiseStage.Interpolation, half, 0);
        var state = scheduler.CreateState(sample.Length);
        var (prompt, empty) = (request.Text!.Hidden.Span.ToArray().Average(), request.UnconditionalPrompt!.Hidden.Span.ToArray().Average());
        for (var step = 0; step < Steps; step++)
        {
            var predicted = new float[sample.Length];
            for (var index = 0; index < predicted.Length; index++)
            {
                var (output, frame, pixel) = (index / (37 * 16), index / 16 % 37, index % 16);
                var common = scheduler.GetTimestep(step) / 1000;
                var image = 0f;
                for (var channel = 0; channel < 4; channel++)
                {
                    common += MiniInterpolation.Denoiser.Weight(output, channel) * sample[(((channel * 37) + frame) * 16) + pixel];
                }

                if (frame is >= 4 and <= 32 && frame % 4 == 0)
                {
                    var key = (half * 8) + (frame / 4) - 1;
                    image = MiniInterpolation.Denoiser.Weight(output, 8);
                    for (var channel = 0; channel < 4; channel++)
                    {
                        image += MiniInterpolation.Denoiser.Weight(output, 4 + channel) * noised[(((key * 4) + channel) * 16) + pixel];
                    }
                }

                predicted[index] = common + empty + (1.5f * image) + (2 * (prompt - empty));
            }

            scheduler.Step(step, predicted, sample, [], state);
        }

        return ClipFrames.FromClip(new FloatTensor([1, 4, 37, 4, 4], sample), "BCFHW").Span.ToArray();
    }
}
