using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tests.Onnx;

namespace Emu.Diffusion.Tests.Pipelines;

public sealed class DenoiseCheckpointTests : IDisposable
{
    private const int Steps = 6;

    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1 });
    private readonly MiniPackage _files = new("StableDiffusionPipeline", new MiniDenoiser());
    private readonly ModelPackage _package;

    public DenoiseCheckpointTests() => _package = ModelPackage.Load(_files.Path);

    public static TheoryData<string> NoiseSchedulers => new(NoiseSchedulerFactory.Names.Where(name => name != "flow-match-euler"));

    public void Dispose()
    {
        _sessions.Dispose();
        _files.Dispose();
    }

    [Theory]
    [MemberData(nameof(NoiseSchedulers))]
    public async Task RestoreAsync_CutAnywhere_EndsBitIdentical(string noiseScheduler)
    {
        var request = Request(noiseScheduler);
        using var whole = Start(request);
        List<byte[]> checkpoints = [await SaveAsync(whole)];
        while (!whole.IsDone)
        {
            whole.Step();
            checkpoints.Add(await SaveAsync(whole));
        }

        foreach (var checkpoint in checkpoints)
        {
            // A run that restores may have gone on before, and stood elsewhere.
            using var resumed = Start(request);
            resumed.Step();
            await resumed.RestoreAsync(new MemoryStream(checkpoint));
            Assert.Equal(checkpoint, await SaveAsync(resumed));
            while (!resumed.IsDone)
            {
                resumed.Step();
            }

            Assert.Equal(whole.GetLatents().Span.ToArray(), resumed.GetLatents().Span.ToArray());
        }
    }

    [Fact]
    public async Task RestoreAsync_AnotherRequests_IsRefusedByWhatDiffers()
    {
        var request = Request("ddim");
        using var run = Start(request);
        run.Step();
        var checkpoint = await SaveAsync(run);
        (DenoiseRequest Other, string Difference)[] others =
        [
            (request with { Seed = 6 }, "seed"),
            (request with { Sample = 1 }, "sample_number"),
            (request with { Stage = NoiseStage.Edit }, "stage"),
            (request with { InputHash = "other" }, "input_hash"),
            (request with { NoiseScheduler = NoiseSchedulerFactory.Create(_package.NoiseScheduler, Steps + 1) }, "steps"),
            (request with { NoiseScheduler = NoiseSchedulerFactory.Create(_package.NoiseScheduler, Steps, "euler") }, "noise_scheduler"),
            (request with { LatentSize = (2, 8) }, "shape"),
        ];
        foreach (var (other, difference) in others)
        {
            using var another = Start(other);
            var before = another.GetLatents().Span.ToArray();

            var exception = await Assert.ThrowsAsync<CheckpointException>(() => another.RestoreAsync(new MemoryStream(checkpoint)));

            Assert.Contains(difference, exception.Message, StringComparison.Ordinal);
            Assert.Equal(before, another.GetLatents().Span.ToArray());
            Assert.Equal(0, another.CurrentStep);
        }
    }

    [Fact]
    public async Task RestoreAsync_EveryTruncation_IsRefused()
    {
        using var run = Start(Request("dpm++-2m"));
        run.Step();
        var checkpoint = await SaveAsync(run);
        for (var length = 0; length < checkpoint.Length; length += 5)
        {
            await Assert.ThrowsAsync<CheckpointException>(() => run.RestoreAsync(new MemoryStream(checkpoint, 0, length)));
        }
    }

    [Fact]
    public void Step_Cancelled_LeavesTheRunUnchanged()
    {
        using var run = Start(Request("euler-ancestral"));
        using var other = Start(Request("euler-ancestral"));
        run.Step();
        other.Step();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => run.Step(cancelled.Token));

        Assert.Equal(1, run.CurrentStep);
        run.Step();
        other.Step();
        Assert.Equal(other.GetLatents().Span.ToArray(), run.GetLatents().Span.ToArray());
    }

    [Fact]
    public void Step_AfterTheLast_IsRefused()
    {
        using var run = Start(Request("ddim", steps: 1));
        run.Step();

        Assert.True(run.IsDone);
        Assert.Throws<InvalidOperationException>(() => run.Step());
    }

    private DenoiseRun Start(DenoiseRequest request) => new(_package, _sessions, request);

    private static async Task<byte[]> SaveAsync(DenoiseRun run)
    {
        using MemoryStream stream = new();
        await run.SaveCheckpointAsync(stream);
        return stream.ToArray();
    }

    private DenoiseRequest Request(string noiseScheduler, int steps = Steps)
    {
        TextEncoder text = new(_package, _sessions);
        return new DenoiseRequest
        {
            Denoiser = _package.Image!,
            NoiseScheduler = NoiseSchedulerFactory.Create(_package.NoiseScheduler, steps, noiseScheduler),
            Stage = NoiseStage.Keyframe,
            Seed = 5,
            Text = text.Encode("blue"),
            UnconditionalPrompt = text.EncodeUnconditional(),
            TextGuidance = 1.5f,
            InputHash = "job",
        };
    }
}
