using System.Numerics.Tensors;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Latents;
using Emu.Generation.Models;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>Keyframe and prompt to the clip's latents.</summary>
public sealed class AnimateStage(ModelLibrary models) : IStage
{
    private const string Revision = "animate-1";

    /// <inheritdoc/>
    public string Name => StageNames.Animate;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new($"{Revision} {models.Get(request.Model).Package.Fingerprint}");
    }

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var model = models.Get(run.Request.Model);
        var settings = DenoiseSettings.ForClip(model.Package, run.Request);
        var denoiser = model.Package.Video!;
        var keyframe = await LatentFiles.ReadAsync(run, StageNames.Keyframe, StageFiles.KeyframeLatents, cancellationToken);
        var takesText = model.Package.Text.Count > 0 && denoiser.Text is not null;
        var hasPrompt = takesText && run.Request.Prompt.Length > 0;
        var request = new DenoiseRequest
        {
            Denoiser = denoiser,
            NoiseScheduler = settings.NoiseScheduler,
            Stage = NoiseStage.Clip,
            Seed = (ulong)run.Request.Seed,
            Text = hasPrompt ? model.Text.Encode(run.Request.Prompt, cancellationToken) : null,
            UnconditionalPrompt = takesText && (!hasPrompt || settings.TextGuidance != 1 || settings.ImageGuidance != 1) ? model.Text.EncodeUnconditional(cancellationToken) : null,
            TextGuidance = hasPrompt ? settings.TextGuidance : 1,
            ImageLatents = denoiser.Description.ScaleImageLatents ? keyframe : Unscaled(keyframe, model.Description),
            ImageGuidance = settings.ImageGuidance,
            FirstFrameImageGuidance = settings.FirstFrameImageGuidance,
        };
        return await SlicedDenoising.RunAsync(model, request, run, FinishAsync, cancellationToken);

        async Task<StageOutcome> FinishAsync(FloatTensor frames) =>
            StageOutcome.Done([await LatentFiles.WriteAsync(run, StageFiles.ClipLatents, frames, cancellationToken)]);
    }

    /// <summary>Latents as the encoder gave them, for denoisers that were trained on those.</summary>
    private static FloatTensor Unscaled(FloatTensor latents, ModelDescription model)
    {
        var unscaled = new FloatTensor(latents.Shape);
        TensorPrimitives.Divide(latents.Span, model.ScalingFactor, unscaled.Span);
        TensorPrimitives.Add(unscaled.Span, model.ShiftFactor, unscaled.Span);
        return unscaled;
    }
}
