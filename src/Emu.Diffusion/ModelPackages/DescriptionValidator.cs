using System.Text.RegularExpressions;

namespace Emu.Diffusion.ModelPackages;

/// <summary>Refuses descriptions that contradict themselves; the message names the field.</summary>
internal static partial class DescriptionValidator
{
    /// <summary>Whether a graph's name is that of one of several in a folder: <c>unet/clip</c>.</summary>
    public static bool IsOneOfSeveral(string graph) => GraphInFolder().IsMatch(graph);

    public static void Require(ModelDescription model, string file)
    {
        Check(model.LatentDownscale >= 1 && model.NativeSize >= 1 && model.NativeSize % model.LatentDownscale == 0, $"native_size {model.NativeSize} must be a multiple of latent_downscale {model.LatentDownscale}");
        Check(model.LatentChannels is >= 1 and <= 1024, $"latent_channels {model.LatentChannels} must be 1 to 1024");
        Check(float.IsFinite(model.ScalingFactor) && model.ScalingFactor != 0, $"scaling_factor {model.ScalingFactor} must be a number other than 0");
        Check(model.Frames >= 1 && model.Ticks >= model.Frames, $"frames {model.Frames} must be at least 1 and ticks {model.Ticks} no fewer");
        Check(model.FramesPerSecond >= 1, $"fps {model.FramesPerSecond} must be at least 1");
        Check(model.Sizes.All(size => size >= 1), "sizes must be at least 1");
        Check(model.Denoisers.Any(), "one of image, video and edit must be described");
        foreach (var denoiser in model.AllDenoisers)
        {
            Check(denoiser.MaskChannels is >= 1 and <= 1024, $"mask_channels {denoiser.MaskChannels} must be 1 to 1024");
            Check(IsOneOfSeveral(denoiser.Graph) || !denoiser.Graph.AsSpan().ContainsAny('/', '\\'), $"graph '{denoiser.Graph}' must name a folder (unet) or a graph in one (unet/clip)");
            RequireMotion(denoiser);
            RequireLayout(denoiser);
            Check(denoiser.Frames is null or >= 1, $"frames {denoiser.Frames} of a denoiser must be at least 1");
            Check(denoiser.DefaultSteps >= 1, $"default_steps {denoiser.DefaultSteps} must be at least 1");
        }

        Check(model.Video is null or { IsVideo: true }, "video needs axes with F");
        if (model.Interpolation is { } interpolation)
        {
            RequireInterpolation(interpolation);
        }

        void RequireInterpolation(InterpolationDescription network)
        {
            var denoiser = network.Denoiser;
            Check(model.Video is { Motion: null }, "interpolation is for a model with a video of picture latents");
            Check(denoiser.IsVideo && denoiser.TakesImage && denoiser.Layout.Contains("mask"), "interpolation needs axes with F and a layout with noise, image and mask");
            Check(network.KeyFrames >= 1 && network.KeyFrames <= model.Frames, $"key_frames {network.KeyFrames} of interpolation must be 1 to frames {model.Frames}");
            Check(model.Ticks == (model.Frames * network.Factor) + (model.Loops ? 0 : 1), $"ticks {model.Ticks} must be a multiple of frames {model.Frames}{(model.Loops ? "" : " and 1 more")} where there is interpolation");
            var frames = ((network.KeyFrames + 1) * network.Factor) + 1;
            Check(denoiser.Frames == frames, $"frames {denoiser.Frames} of interpolation must be {frames}: {network.KeyFrames} key frames, {network.Factor - 1} between each pair and {network.Factor} on each side");
            Check(network.AugmentationTimestep >= 0, $"augmentation_timestep {network.AugmentationTimestep} must be at least 0");
            Check(denoiser.ScaleImageLatents, "scale_image_latents must be true for interpolation");
            Check(denoiser is { MotionByWords: false, Motion: null, FirstFrameImageGuidance: null }, "interpolation takes no motion, motion_by_words or first_frame_image_guidance; those are for video");
        }

        void RequireLayout(DenoiserDescription denoiser)
        {
            try
            {
                denoiser.ToChannelLayout(model.LatentChannels);
            }
            catch (FormatException error)
            {
                throw new ModelPackageException(file, error.Message);
            }
        }

        void RequireMotion(DenoiserDescription denoiser)
        {
            if (denoiser.Motion is { } motion)
            {
                Check(denoiser == model.Video && model.Loops, "motion is for the video of a model that loops");
                Check(denoiser.IsVideo && denoiser.Layout is ["noise"], "motion needs axes with F and the layout noise alone");
                Check(motion.Channels is >= 1 and <= 4096, $"channels {motion.Channels} of motion must be 1 to 4096");
                Check(motion.LeastArea is > 0 and < 1, $"least_area {motion.LeastArea} of motion must be above 0 and below 1");
                foreach (var graph in new[] { motion.FirstFrame, motion.Decoder })
                {
                    Check(IsOneOfSeveral(graph), $"graph '{graph}' of motion must name a graph in a folder (motion/decoder)");
                }
            }
        }

        void Check(bool fits, string problem)
        {
            if (!fits)
            {
                throw new ModelPackageException(file, $"{problem}.");
            }
        }
    }

    [GeneratedRegex(@"^[\w-]+/[\w-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex GraphInFolder();
}
