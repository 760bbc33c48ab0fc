using Emu.Diffusion.ChannelLayouts;

namespace Emu.Diffusion.ModelPackages;

/// <summary>A denoiser of a package: its graph, how its input channels are laid out, and what it was trained for.</summary>
public sealed record DenoiserDescription
{
    /// <summary>The folder whose <c>model.onnx</c> it is (<c>unet</c>), or another graph in a folder (<c>unet/clip</c> for <c>unet/clip.onnx</c>), so that graphs can share the weights beside them.</summary>
    public string Graph { get; init; } = "unet";

    /// <summary>What the input channels hold, in order: <c>noise</c>, <c>image</c>, <c>mask</c>.</summary>
    public IReadOnlyList<string> Layout { get; init; } = ["noise"];

    /// <summary>The order of the axes: <c>BCHW</c>, <c>BCFHW</c> or <c>BFCHW</c>.</summary>
    public string Axes { get; init; } = "BCHW";

    /// <summary>How many frames it makes at once, where its axes have frames; null for the package's own number. A keyframe made by the clip's graph is a clip of one frame.</summary>
    public int? Frames { get; init; }

    /// <summary>How the picture's latent spreads over time: <c>zero</c> (first frame, then zeros) or <c>repeat</c>.</summary>
    public string ImagePadding { get; init; } = "zero";

    /// <summary>Whether the conditioning picture's latents are scaled as the noised ones are; InstructPix2Pix's are not.</summary>
    public bool ScaleImageLatents { get; init; } = true;

    /// <summary>The guidances it was trained for.</summary>
    public GuidanceSupport Guidance { get; init; } = new(Text: true, Image: false);

    /// <summary>Default number of steps.</summary>
    public int DefaultSteps { get; init; } = 25;

    /// <summary>Default text guidance scale; 1 is none.</summary>
    public float DefaultGuidance { get; init; } = 1;

    /// <summary>Default image guidance scale; 1 is none.</summary>
    public float DefaultImageGuidance { get; init; } = 1;

    /// <summary>The image guidance scale of the first frame where it grows linearly to <see cref="DefaultImageGuidance"/> at the last one (Stable Video Diffusion); null where it is the same for all.</summary>
    public float? FirstFrameImageGuidance { get; init; }

    /// <summary>What the starting noise is multiplied by where a picture is given: above 0, up to 1, the default. Less makes more likely clips that stay nearer to their picture.</summary>
    public float NoiseTemperature { get; init; } = 1;

    /// <summary>Whether motions that the prompt names ("jumps", "a spinning coin") are applied to the decoded frames as exact geometry, because the network does not know them. Default false.</summary>
    public bool MotionByWords { get; init; }

    /// <summary>Gains of its loops' temporal frequencies, 0 to frames / 2 cycles a loop (<see cref="Pipelines.TemporalEqualizer"/>); null for none.</summary>
    public IReadOnlyList<float>? FrameGains { get; init; }

    /// <summary>The motion of a position, in units of the latents, at which half of the change by <see cref="FrameGains"/> is applied; above 0; null applies all of it everywhere.</summary>
    public float? FrameGainsHalveAt { get; init; }

    /// <summary>The typical motion of its loops, to which each loop is scaled after <see cref="FrameGains"/> (<see cref="Pipelines.MotionNormalization"/>); above 0; null for none.</summary>
    public float? FrameMotion { get; init; }

    /// <summary>The network that warps the first frame along the motion of the decoded ones (<see cref="Pipelines.FrameWarping"/>); null for none.</summary>
    public FrameWarpDescription? FrameWarp { get; init; }

    /// <summary>Lower and upper bound of coring, as fractions of the value range (<see cref="Pipelines.FrameCoring"/>); null for none.</summary>
    public IReadOnlyList<float>? FrameCoring { get; init; }

    /// <summary>Channels of the mask, where the layout has one: 1, or as many as frames share a latent (Wan: 4).</summary>
    public int MaskChannels { get; init; } = 1;

    /// <summary>Whether it takes a picture.</summary>
    public bool TakesImage => Layout.Contains("image");

    /// <summary>Whether it makes frames.</summary>
    public bool IsVideo => Axes.Length == 5;

    /// <summary>The layout of the input's channels.</summary>
    /// <param name="latentChannels">The channels of the package's latents.</param>
    /// <exception cref="FormatException">The layout, the axes or the padding are unknown.</exception>
    public ChannelLayout ToChannelLayout(int latentChannels) => ChannelLayout.Parse(Layout, Axes, ImagePadding, latentChannels, MaskChannels);
}

/// <summary>
/// A network that makes the frames between a clip's frames (Emu Video, arXiv 2311.10709, section 3.3): it denoises
/// (<see cref="KeyFrames"/> + 1) · <see cref="Factor"/> + 1 frames at a time, given some key frames with zeros between them and a
/// mask of the known ones.
/// </summary>
public sealed record InterpolationDescription
{
    /// <summary>The network; its layout has noise, image and mask.</summary>
    public required DenoiserDescription Denoiser { get; init; }

    /// <summary>How many key frames it takes at a time, from 1 to the clip's frames. Default 8.</summary>
    public int KeyFrames { get; init; } = 8;

    /// <summary>Ticks (frames of the finished video) from one key frame to the next: the package's ticks / frames, rounded down. Emu Video: 4.</summary>
    public required int Factor { get; init; }

    /// <summary>The training timestep whose noise level the key frames are noised to before the network sees them. Default 100.</summary>
    public int AugmentationTimestep { get; init; } = 100;
}

/// <summary>Which guidances a denoiser was trained for.</summary>
/// <param name="Text">Whether the text was left out at times in training, which text guidance needs.</param>
/// <param name="Image">Whether the picture was left out at times in training, which image guidance needs.</param>
public sealed record GuidanceSupport(bool Text, bool Image);

/// <summary>A graph that warps a clip's first frame along the motion of its other frames (<see cref="Pipelines.FrameWarping"/>).</summary>
/// <param name="Graph">The graph's folder.</param>
/// <param name="Strength">What displacements are multiplied by: 0 to 4, by default 1.</param>
public sealed record FrameWarpDescription(string Graph, float Strength = 1);
