using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Models;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>Keyframe and prompt to the clip's latents.</summary>
internal sealed class AnimateStage : IModelStage
{
    /// <inheritdoc/>
    public string Name => StageNames.Animate;

    /// <inheritdoc/>
    public string Revision => "animate-2";

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var settings = DenoiseSettings.ForClip(model.Package, run.Request);
        var denoiser = model.Package.Video!;
        var keyframe = await LatentFiles.ReadAsync(run, StageNames.Keyframe, StageFiles.KeyframeLatents, cancellationToken);
        var request = settings.ToRequest(model, denoiser, NoiseStage.Clip, run, cancellationToken) with
        {
            ImageLatents = denoiser.Description.ScaleImageLatents ? keyframe : model.Description.Unscale(keyframe),
        };
        await PromptWarnings.AddAsync(run, request.Text, cancellationToken);
        using var denoising = new DenoiseRun(model.Package, model.Sessions, request, cancellationToken);
        return await SlicedDenoising.RunAsync(denoising, run, FinishAsync, cancellationToken);

        async Task<StageOutcome> FinishAsync(FloatTensor frames) =>
            StageOutcome.Done([await LatentFiles.WriteAsync(run, StageFiles.ClipLatents, frames, cancellationToken)]);
    }
}
