using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Denoising;

/// <summary>Noise scheduler and guidance of a denoising run: the request's where it says, else the package's defaults. What the package was not trained for is refused here, before any graph is loaded.</summary>
/// <param name="NoiseScheduler">The plan of steps.</param>
/// <param name="TextGuidance">The text guidance scale; 1 is none.</param>
/// <param name="ImageGuidance">The image guidance scale; 1 is none.</param>
/// <param name="FirstFrameImageGuidance">The image guidance scale of the first frame, where it grows to <paramref name="ImageGuidance"/>.</param>
public sealed record DenoiseSettings(INoiseScheduler NoiseScheduler, float TextGuidance, float ImageGuidance, float? FirstFrameImageGuidance)
{
    /// <summary>The keyframe's settings: the request's guidance is the keyframe's; the package's own without a request.</summary>
    /// <exception cref="UnsupportedByModelException">The package makes no pictures, or was not trained for the guidance.</exception>
    public static DenoiseSettings ForKeyframe(ModelPackage package, JobRequest? request = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        var denoiser = package.Description.Image ?? throw Unsupported(package, "text to picture", "makes no pictures from text");
        return Create(package, denoiser, request, request?.Guidance, null);
    }

    /// <summary>The clip's settings. The request's guidance is the clip's only where the keyframe is the user's own picture; else it has been the keyframe's.</summary>
    /// <exception cref="UnsupportedByModelException">The package makes no clips, or was not trained for a guidance.</exception>
    public static DenoiseSettings ForClip(ModelPackage package, JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(request);
        var denoiser = package.Description.Video ?? throw Unsupported(package, "video", "makes no videos");
        return Create(package, denoiser, request, request.InputPicture is null ? null : request.Guidance, request.ImageGuidance);
    }

    /// <summary>The settings of an edit by an instruction.</summary>
    /// <exception cref="UnsupportedByModelException">The package follows no instructions, or was not trained for a guidance.</exception>
    public static DenoiseSettings ForEdit(ModelPackage package, JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(request);
        var denoiser = package.Description.Edit ?? throw Unsupported(package, "edits", "follows no instructions about pictures");
        return Create(package, denoiser, request, request.Guidance, request.ImageGuidance);
    }

    /// <summary>The settings of the network that interpolates between the clip's frames: the package's own guidance, the request's steps and noise scheduler.</summary>
    /// <exception cref="UnsupportedByModelException">The package has no such network.</exception>
    public static DenoiseSettings ForInterpolation(ModelPackage package, JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(request);
        var network = package.Description.Interpolation ?? throw Unsupported(package, "interpolation", "has no interpolation network");
        return Create(package, network.Denoiser, request, null, null);
    }

    /// <summary>The request to denoise a clip or the frames between its frames, with the prompt's embeddings; the picture or the key frames are missing yet.</summary>
    /// <param name="model">The model.</param>
    /// <param name="denoiser">The network.</param>
    /// <param name="stage">Which stage draws noise.</param>
    /// <param name="run">The stage's attempt.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    internal DenoiseRequest ToRequest(LoadedModel model, DenoiserContract denoiser, NoiseStage stage, StageRun run, CancellationToken cancellationToken)
    {
        var takesText = model.Package.Text.Count > 0 && denoiser.Text is not null;
        var hasPrompt = takesText && run.Request.Prompt.Length > 0;
        return new()
        {
            Denoiser = denoiser,
            NoiseScheduler = NoiseScheduler,
            Stage = stage,
            Seed = (ulong)run.Request.Seed,
            InputHash = run.InputHash,
            Text = hasPrompt ? model.Text.Encode(MotionReader.PictureOf(run.Request.Prompt, model.Description), cancellationToken) : null,
            UnconditionalPrompt = takesText && (!hasPrompt || TextGuidance != 1 || ImageGuidance != 1) ? model.Text.EncodeUnconditional(cancellationToken) : null,
            TextGuidance = hasPrompt ? TextGuidance : 1,
            ImageGuidance = ImageGuidance,
            FirstFrameImageGuidance = FirstFrameImageGuidance,
        };
    }

    private static DenoiseSettings Create(ModelPackage package, DenoiserDescription denoiser, JobRequest? request, double? textGuidance, double? imageGuidance)
    {
        if (textGuidance is { } text && text != 1 && !denoiser.Guidance.Text)
        {
            throw Unsupported(package, "text guidance", $"({denoiser.Graph}) was not trained for text guidance: 1 is the only scale, {text} was asked for");
        }

        if (imageGuidance is { } image && image != 1 && !denoiser.Guidance.Image)
        {
            throw Unsupported(package, "image guidance", $"({denoiser.Graph}) was not trained for image guidance: 1 is the only scale, {image} was asked for");
        }

        return new(
            NoiseSchedulerFactory.Create(package.NoiseScheduler, request?.Steps ?? denoiser.DefaultSteps, request?.NoiseScheduler),
            (float?)textGuidance ?? denoiser.DefaultGuidance,
            (float?)imageGuidance ?? denoiser.DefaultImageGuidance,
            imageGuidance is null ? denoiser.FirstFrameImageGuidance : null);
    }

    private static UnsupportedByModelException Unsupported(ModelPackage package, string feature, string problem) => new(feature, $"The model '{package.Description.Name}' {problem}.");
}
