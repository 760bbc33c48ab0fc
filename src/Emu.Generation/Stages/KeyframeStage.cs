using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Generation.Rendering;
using Emu.Media.Codecs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>Prompt, or the user's picture encoded, to the keyframe: its latents and its picture.</summary>
internal sealed class KeyframeStage : IModelStage
{
    /// <inheritdoc/>
    public string Name => StageNames.Keyframe;

    /// <inheritdoc/>
    public string Revision => "keyframe-3";

    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken) =>
        run.Request.InputPicture is null ? DenoiseAsync(model, run, cancellationToken) : EncodeAsync(model, run, cancellationToken);

    private static async Task<StageOutcome> DenoiseAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var settings = DenoiseSettings.ForKeyframe(model.Package, run.Request);
        var request = new DenoiseRequest
        {
            Denoiser = model.Package.Image!,
            NoiseScheduler = settings.NoiseScheduler,
            Stage = NoiseStage.Keyframe,
            Seed = (ulong)run.Request.Seed,
            InputHash = run.InputHash,
            Text = model.Text.Encode(MotionReader.PictureOf(run.Request.Prompt, model.Description), cancellationToken),
            UnconditionalPrompt = settings.TextGuidance == 1 ? null : model.Text.EncodeUnconditional(cancellationToken),
            TextGuidance = settings.TextGuidance,
        };
        await PromptWarnings.AddAsync(run, request.Text, cancellationToken);
        using var denoising = new DenoiseRun(model.Package, model.Sessions, request, cancellationToken);
        return await SlicedDenoising.RunAsync(denoising, run, latents => FinishAsync(model, latents, null, run, cancellationToken), cancellationToken);
    }

    private static async Task<StageOutcome> EncodeAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var layers = await InputLayers.ReadAsync(run, model.Description, cancellationToken);
        var latents = model.Encoder.Encode(InputPictures.Fit(layers!.Solid, model.Description), cancellationToken: cancellationToken);
        await run.ReportAsync(1, 1, cancellationToken);
        return await FinishAsync(model, latents, layers, run, cancellationToken);
    }

    private static async Task<StageOutcome> FinishAsync(LoadedModel model, FloatTensor latents, InputLayers? layers, StageRun run, CancellationToken cancellationToken)
    {
        var decoded = model.Decoder.DecodeAll(latents, cancellationToken: cancellationToken);
        var picture = new PictureUpsampler(model).Upsample(decoded, run.Request.Size.Width, cancellationToken);
        picture = layers?.Complete(picture) ?? picture;
        return StageOutcome.Done(
        [
            await LatentFiles.WriteAsync(run, StageFiles.KeyframeLatents, latents, cancellationToken),
            await run.WriteAsync(StageFiles.KeyframePicture, (output, token) => new PictureWriter().WriteAsync(picture, output, PictureEncoding.Png, token), cancellationToken),
        ]);
    }
}
