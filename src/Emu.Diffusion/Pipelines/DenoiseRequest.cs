using Emu.Diffusion.Guidance;
using Emu.Diffusion.Interpolation;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>Everything that a denoising run depends on besides the weights.</summary>
public sealed record DenoiseRequest
{
    /// <summary>The denoiser: the package's <see cref="ModelPackage.Image"/>, <see cref="ModelPackage.Video"/> or <see cref="ModelPackage.Edit"/>.</summary>
    public required DenoiserContract Denoiser { get; init; }

    /// <summary>The plan of steps.</summary>
    public required INoiseScheduler NoiseScheduler { get; init; }

    /// <summary>Which part of a job this is; part of the noise generator's counter.</summary>
    public required NoiseStage Stage { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Which of several results of one seed, from 0.</summary>
    public int Sample { get; init; }

    /// <summary>The prompt's embedding; null for none. (Stable Video Diffusion: the picture's embedding by its CLIP vision encoder.)</summary>
    public TextEmbedding? Text { get; init; }

    /// <summary>The unconditional prompt, for denoisers that take text: the encoding of the empty prompt or of a negative one. Needed under guidance, and where there is no <see cref="Text"/>.</summary>
    public TextEmbedding? UnconditionalPrompt { get; init; }

    /// <summary>The conditioning picture's latents <c>[1, latent channels, height, width]</c>; null for none (zeros, and a mask of zeros).</summary>
    public FloatTensor? ImageLatents { get; init; }

    /// <summary>What a denoiser of motion knows of the first frame (<see cref="MotionCodec"/>), instead of <see cref="ImageLatents"/>; else null.</summary>
    public FloatTensor? FirstFrameFeatures { get; init; }

    /// <summary>The key frames that an interpolation network is conditioned on, instead of <see cref="ImageLatents"/>; else null.</summary>
    public InterpolationKeyFrames? KeyFrames { get; init; }

    /// <summary>The text guidance scale; 1 is none.</summary>
    public float TextGuidance { get; init; } = 1;

    /// <summary>The image guidance scale; 1 is none.</summary>
    public float ImageGuidance { get; init; } = 1;

    /// <summary>The image guidance scale of the first frame, from which it grows linearly to <see cref="ImageGuidance"/> at the last; null for the same on all frames.</summary>
    public float? FirstFrameImageGuidance { get; init; }

    /// <summary>How far the guided prediction is rescaled towards the standard deviation of the unguided one, 0 (not at all) to 1 (arXiv 2305.08891, section 3.4).</summary>
    public float GuidanceRescale { get; init; }

    /// <summary>Evaluates the conditions of guidance one after another instead of as one batch: less memory, the same result but for rounding.</summary>
    public bool OneAfterAnother { get; init; }

    /// <summary>The latents' height and width; null for the package's native size.</summary>
    public (int Height, int Width)? LatentSize { get; init; }

    /// <summary>Stable Video Diffusion's conditions: frames a second less one, motion bucket, noise augmentation of the picture.</summary>
    public (float FramesPerSecond, float MotionBucket, float NoiseAugmentation) Motion { get; init; } = (6, 127, 0.02f);

    /// <summary>Identifies all the inputs of a job to its checkpoints: a checkpoint made with another hash is refused.</summary>
    public string InputHash { get; init; } = "";

    /// <summary>Whether there is an image condition: a picture, its features, or key frames.</summary>
    internal bool HasImage => ImageLatents is not null || FirstFrameFeatures is not null || KeyFrames is not null;

    /// <summary>The scales by which evaluations are combined; a network that takes the text guidance scale as an input applies it itself.</summary>
    internal GuidanceScales GuidanceScales => new()
    {
        Text = Denoiser.TimestepCondition is null ? TextGuidance : 1,
        Image = ImageGuidance,
        FirstFrameImage = FirstFrameImageGuidance,
        Rescale = GuidanceRescale,
    };
}

/// <summary>Refuses what a package was not trained for; the message names it.</summary>
internal static class DenoiseRequestValidator
{
    public static void Require(DenoiseRequest request, ModelDescription model, DenoiserShape shape)
    {
        var denoiser = request.Denoiser.Description;
        var embedded = request.Denoiser.TimestepCondition is not null;
        Unless(request.TextGuidance == 1 || embedded || denoiser.Guidance.Text, "text guidance", $"was not trained for text guidance; 1 is the only scale, {request.TextGuidance} was asked for");
        var imageGuided = request.ImageGuidance != 1 || (request.FirstFrameImageGuidance ?? 1) != 1;
        Unless(!imageGuided || denoiser.Guidance.Image, "image guidance", $"was not trained for image guidance; 1 is the only scale, {request.ImageGuidance} was asked for");
        Unless(!request.HasImage || denoiser.TakesImage, "a picture", "takes no picture");
        Unless(request.HasImage || !denoiser.TakesImage || denoiser.Guidance.Image, "no picture", "was never trained without a picture; one must be given");
        Unless(request.Text is null || request.Denoiser.Text is not null, "a prompt", "takes no prompt");
        if (denoiser.Motion is null != request.FirstFrameFeatures is null)
        {
            throw new ArgumentException("A denoiser of motion, and no other, takes the features of the first frame.", nameof(request));
        }

        if (request.ImageLatents is { } latents)
        {
            TensorShape expected = [1, model.LatentChannels, shape.Height, shape.Width];
            if (!latents.Shape.Equals(expected))
            {
                throw new ArgumentException($"The picture's latents have shape {latents.Shape}; {expected} was expected.", nameof(request));
            }
        }

        void Unless(bool supported, string feature, string problem)
        {
            if (!supported)
            {
                throw new UnsupportedByModelException(feature, $"The model '{model.Name}' ({denoiser.Graph}) {problem}.");
            }
        }
    }
}
