using Emu.Diffusion.Pipelines;
using Emu.Editing.Operations;
using Emu.Generation.Models;
using Emu.Generation.Rendering;
using Emu.Generation.Stages;
using Emu.Media.Pictures;

namespace Emu.Generation.Edits;

/// <summary>Makes stickers for edits with a model package, as the keyframes of jobs are made.</summary>
/// <param name="models">The packages.</param>
/// <param name="name">The package's name.</param>
internal sealed class ModelStickers(ModelLibrary models, string name) : IStickerMaker
{
    /// <inheritdoc/>
    public Task<Picture> MakeAsync(string prompt, long seed, CancellationToken cancellationToken) =>
        Task.Run(() => Make(models.Get(name), prompt, seed, cancellationToken), cancellationToken);

    private static Picture Make(LoadedModel model, string prompt, long seed, CancellationToken cancellationToken)
    {
        var request = KeyframeStage.RequestOf(model, prompt, seed, "", Denoising.DenoiseSettings.ForKeyframe(model.Package), cancellationToken);
        using var denoising = new DenoiseRun(model.Package, model.Sessions, request, cancellationToken);
        while (!denoising.IsDone)
        {
            denoising.Step(cancellationToken);
        }

        var decoded = model.Decoder.DecodeAll(denoising.GetFrames(), cancellationToken: cancellationToken);
        return new PictureUpsampler(model).Upsample(decoded, model.Description.Sizes.Max(), cancellationToken);
    }
}
