using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Pipeline.Jobs;

namespace Emu.Generation.Denoising;

/// <summary>What a request and a package's defaults make of steps and guidances. What the package was not trained for is refused here, before anything is loaded.</summary>
/// <param name="NoiseScheduler">The plan of steps.</param>
/// <param name="TextGuidance">The text guidance scale; 1 is none.</param>
/// <param name="ImageGuidance">The image guidance scale; 1 is none.</param>
/// <param name="FirstFrameImageGuidance">The image guidance scale of the first frame, where it grows to <paramref name="ImageGuidance"/>.</param>
public sealed record DenoiseSettings(INoiseScheduler NoiseScheduler, float TextGuidance, float ImageGuidance, float? FirstFrameImageGuidance)
{
    /// <summary>The keyframe's settings: the request's guidance is the keyframe's.</summary>
    /// <exception cref="UnsupportedByModelException">The package makes no pictures, or was not trained for the guidance.</exception>
    public static DenoiseSettings ForKeyframe(ModelPackage package, JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(request);
        var denoiser = package.Description.Image ?? throw Unsupported(package, "text to picture", "makes no pictures from text");
        return Create(package, denoiser, request, request.Guidance, null);
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

    private static DenoiseSettings Create(ModelPackage package, DenoiserDescription denoiser, JobRequest request, double? textGuidance, double? imageGuidance)
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
            NoiseSchedulerFactory.Create(package.NoiseScheduler, request.Steps ?? denoiser.DefaultSteps, request.NoiseScheduler),
            (float?)textGuidance ?? denoiser.DefaultGuidance,
            (float?)imageGuidance ?? denoiser.DefaultImageGuidance,
            imageGuidance is null ? denoiser.FirstFrameImageGuidance : null);
    }

    private static UnsupportedByModelException Unsupported(ModelPackage package, string feature, string problem) => new(feature, $"The model '{package.Description.Name}' {problem}.");
}
