using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Generation.Rendering;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>Prompt, or the user's picture encoded, to the keyframe: its latents and its picture.</summary>
internal sealed class KeyframeStage : IModelStage
{
    /// <inheritdoc/>
    public string Name => StageNames.Keyframe;

    /// <inheritdoc/>
    public string Revision => "keyframe-4";

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

    /// <summary>Reads the keyframe's picture in a later stage.</summary>
    public static async Task<Picture> ReadPictureAsync(StageRun run, CancellationToken cancellationToken)
    {
        await using var stream = await run.OpenInputAsync(StageNames.Keyframe, StageFiles.KeyframePicture, cancellationToken);
        return await new PictureReader().ReadAsync(stream, cancellationToken);
    }

    private static async Task<StageOutcome> EncodeAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        if (model.Package.Motion is not null)
        {
            return await KeepAsync(run, cancellationToken);
        }

        var layers = await InputLayers.ReadAsync(run, model.Description, cancellationToken);
        var latents = model.Encoder.Encode(InputPictures.Fit(layers!.Solid, model.Description), cancellationToken: cancellationToken);
        await run.ReportAsync(1, 1, cancellationToken);
        return await FinishAsync(model, latents, layers, run, cancellationToken);
    }

    /// <summary>Where frames are the first one moved, the user's picture is that frame as it is, made smaller if it is larger than the frames.</summary>
    private static async Task<StageOutcome> KeepAsync(StageRun run, CancellationToken cancellationToken)
    {
        await using var stream = await run.Store.OpenReadAsync(run.Request.InputPicture!, cancellationToken);
        var picture = (await new PictureReader().ReadAsync(stream, cancellationToken)).Within(run.Request.Size.Width, run.Request.Size.Height);
        await run.ReportAsync(1, 1, cancellationToken);
        return StageOutcome.Done([await WriteAsync(run, picture, cancellationToken)]);
    }

    private static Task<StageFile> WriteAsync(StageRun run, Picture picture, CancellationToken cancellationToken) =>
        run.WriteAsync(StageFiles.KeyframePicture, (output, token) => new PictureWriter().WriteAsync(picture, output, PictureEncoding.Png, token), cancellationToken);

    private static async Task<StageOutcome> FinishAsync(LoadedModel model, FloatTensor latents, InputLayers? layers, StageRun run, CancellationToken cancellationToken)
    {
        var decoded = model.Decoder.DecodeAll(latents, cancellationToken: cancellationToken);
        // What is to be moved keeps the native size at least: the network that moves it looks at that.
        var size = model.Package.Motion is null ? run.Request.Size.Width : Math.Max(run.Request.Size.Width, model.Description.NativeSize);
        var picture = new PictureUpsampler(model).Upsample(decoded, size, cancellationToken);
        picture = layers?.Complete(picture) ?? picture;
        return StageOutcome.Done(
        [
            await LatentFiles.WriteAsync(run, StageFiles.KeyframeLatents, latents, cancellationToken),
            await WriteAsync(run, picture, cancellationToken),
        ]);
    }
}
