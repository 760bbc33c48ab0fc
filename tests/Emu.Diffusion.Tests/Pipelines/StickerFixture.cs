using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

/// <summary>The shipped sticker package, loaded once, and requests as the goldens were made with.</summary>
public sealed class StickerFixture : IDisposable
{
    public ModelPackage Package { get; } = ModelPackage.Load(RepositoryFiles.StickerModel);

    public SessionCache Sessions { get; } = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Precision = ComputePrecision.Full });

    public TextEncoder Text => new(Package, Sessions);

    public DenoiseRequest Keyframe(string prompt, ulong seed, float guidance = 2.25f, int steps = 25, string? noiseScheduler = null) => new()
    {
        Denoiser = Package.Image!,
        NoiseScheduler = NoiseSchedulerFactory.Create(Package.NoiseScheduler, steps, noiseScheduler),
        Stage = NoiseStage.Keyframe,
        Seed = seed,
        Text = Text.Encode(prompt),
        UnconditionalPrompt = Text.EncodeUnconditional(),
        TextGuidance = guidance,
    };

    public MotionCodec Motion => new(Package, Sessions);

    /// <param name="seed">The seed.</param>
    /// <param name="picture">The first frame, [1, 4, 256, 256].</param>
    /// <param name="steps">Denoising steps.</param>
    public DenoiseRequest Clip(ulong seed, FloatTensor picture, int steps = 25) => new()
    {
        Denoiser = Package.Video!,
        NoiseScheduler = NoiseSchedulerFactory.Create(Package.NoiseScheduler, steps),
        Stage = NoiseStage.Clip,
        Seed = seed,
        FirstFrameFeatures = Motion.Features(picture),
    };

    public DenoiseRun Start(DenoiseRequest request) => new(Package, Sessions, request);

    public FloatTensor Finish(DenoiseRequest request)
    {
        using var run = Start(request);
        while (!run.IsDone)
        {
            run.Step();
        }

        return run.GetLatents();
    }

    public void Dispose() => Sessions.Dispose();
}
