using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>Keyframe and prompt to the clip's latents: those of its pictures, or of its motion.</summary>
internal sealed class AnimateStage : IModelStage
{
    /// <inheritdoc/>
    public string Name => StageNames.Animate;

    /// <inheritdoc/>
    public string Revision => "animate-3";

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var settings = DenoiseSettings.ForClip(model.Package, run.Request);
        var denoiser = model.Package.Video!;
        if (denoiser.Description.Motion is { } motion && RequestedMotion.Of(run.Request, model.Description).IsStill)
        {
            await run.ReportAsync(1, 1, cancellationToken);
            return await FinishAsync(new([model.Description.Frames, motion.Channels, 1, 1]));
        }

        var request = settings.ToRequest(model, denoiser, NoiseStage.Clip, run, cancellationToken);
        if (denoiser.Description.Motion is not null)
        {
            request = request with { FirstFrameFeatures = await FeaturesAsync(model, run, cancellationToken) };
        }
        else
        {
            var keyframe = await LatentFiles.ReadAsync(run, StageNames.Keyframe, StageFiles.KeyframeLatents, cancellationToken);
            request = request with { ImageLatents = denoiser.Description.ScaleImageLatents ? keyframe : model.Description.Unscale(keyframe) };
        }

        await PromptWarnings.AddAsync(run, request.Text, cancellationToken);
        using var denoising = new DenoiseRun(model.Package, model.Sessions, request, cancellationToken);
        return await SlicedDenoising.RunAsync(denoising, run, FinishAsync, cancellationToken);

        async Task<StageOutcome> FinishAsync(FloatTensor frames) =>
            StageOutcome.Done([await LatentFiles.WriteAsync(run, StageFiles.ClipLatents, frames, cancellationToken)]);
    }

    /// <summary>The network knows things without a ground: what lies on a plain one is cut out for it.</summary>
    private static async Task<FloatTensor> FeaturesAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var first = InputPictures.Fit(await KeyframeStage.ReadPictureAsync(run, cancellationToken), model.Description);
        var thing = first.Shape[1] == 4 ? Ground.Find(first)?.Cut(first) : null;
        return new MotionCodec(model.Package, model.Sessions).Features(thing ?? first, cancellationToken);
    }
}
