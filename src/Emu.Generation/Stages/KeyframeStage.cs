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

    /// <summary>The request to denoise a picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">What it shows.</param>
    /// <param name="seed">0 to 2⁵³ − 1.</param>
    /// <param name="inputHash">What checkpoints carry.</param>
    /// <param name="settings">Noise scheduler and guidance.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    internal static DenoiseRequest RequestOf(LoadedModel model, string prompt, long seed, string inputHash, DenoiseSettings settings, CancellationToken cancellationToken) => new()
    {
        Denoiser = model.Package.Image!,
        NoiseScheduler = settings.NoiseScheduler,
        Stage = NoiseStage.Keyframe,
        Seed = (ulong)seed,
        InputHash = inputHash,
        Text = model.Text.Encode(MotionReader.PictureOf(prompt, model.Description), cancellationToken),
        UnconditionalPrompt = settings.TextGuidance == 1 ? null : model.Text.EncodeUnconditional(cancellationToken),
        TextGuidance = settings.TextGuidance,
    };

    private static async Task<StageOutcome> DenoiseAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var settings = DenoiseSettings.ForKeyframe(model.Package, run.Request);
        var request = RequestOf(model, run.Request.Prompt, run.Request.Seed, run.InputHash, settings, cancellationToken);
        await PromptWarnings.AddAsync(run, request.Text!, cancellationToken);
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
