using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Latents;
using Emu.Generation.Models;
using Emu.Generation.Upsampling;
using Emu.Media.Codecs;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>Prompt, or the user's picture encoded, to the keyframe: its latents and its picture.</summary>
public sealed class KeyframeStage(ModelLibrary models) : IStage
{
    private const string Revision = "keyframe-2";

    /// <inheritdoc/>
    public string Name => StageNames.Keyframe;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new($"{Revision} {models.Get(request.Model).Package.Fingerprint}");
    }

    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var model = models.Get(run.Request.Model);
        return run.Request.InputPicture is { } picture ? EncodeAsync(model, picture, run, cancellationToken) : DenoiseAsync(model, run, cancellationToken);
    }

    private static Task<StageOutcome> DenoiseAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var settings = DenoiseSettings.ForKeyframe(model.Package, run.Request);
        var request = new DenoiseRequest
        {
            Denoiser = model.Package.Image!,
            NoiseScheduler = settings.NoiseScheduler,
            Stage = NoiseStage.Keyframe,
            Seed = (ulong)run.Request.Seed,
            Text = model.Text.Encode(run.Request.Prompt, cancellationToken),
            UnconditionalPrompt = settings.TextGuidance == 1 ? null : model.Text.EncodeUnconditional(cancellationToken),
            TextGuidance = settings.TextGuidance,
        };
        return SlicedDenoising.RunAsync(model, request, run, latents => FinishAsync(model, latents, run, cancellationToken), cancellationToken);
    }

    private static async Task<StageOutcome> EncodeAsync(LoadedModel model, string artifact, StageRun run, CancellationToken cancellationToken)
    {
        var stream = await run.Store.OpenReadAsync(artifact, cancellationToken);
        await using (stream)
        {
            var picture = await new PictureReader().ReadAsync(stream, cancellationToken);
            var latents = model.Encoder.Encode(InputPictures.Fit(picture, model.Description), cancellationToken: cancellationToken);
            await run.ReportAsync(1, 1, cancellationToken);
            return await FinishAsync(model, latents, run, cancellationToken);
        }
    }

    private static async Task<StageOutcome> FinishAsync(LoadedModel model, FloatTensor latents, StageRun run, CancellationToken cancellationToken)
    {
        var decoded = model.Decoder.DecodeAll(latents, cancellationToken: cancellationToken);
        var picture = PictureUpsamplers.For(model).Upsample(decoded, run.Request.Size.Width, cancellationToken);
        return StageOutcome.Done(
        [
            await LatentFiles.WriteAsync(run, StageFiles.KeyframeLatents, latents, cancellationToken),
            await run.WriteAsync(StageFiles.KeyframePicture, (output, token) => new PictureWriter().WriteAsync(picture, output, PictureEncoding.Png, token), cancellationToken),
        ]);
    }
}
