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

    /// <summary>Whether motions that the prompt names ("jumps", "a spinning coin") are applied to the decoded frames as exact geometry, because the network does not know them. Default false.</summary>
    public bool MotionByWords { get; init; }

    /// <summary>Where its latents are the motion of a loop rather than pictures: the graphs around it; else null.</summary>
    public MotionDescription? Motion { get; init; }

    /// <summary>Channels of the mask, where the layout has one: 1, or as many as frames share a latent (Wan: 4).</summary>
    public int MaskChannels { get; init; } = 1;

    /// <summary>Whether it takes a picture: among its input channels, or as the features of a first frame.</summary>
    public bool TakesImage => Motion is not null || Layout.Contains("image");

    /// <summary>Whether it makes frames.</summary>
    public bool IsVideo => Axes.Length == 5;

    /// <summary>The layout of the input's channels.</summary>
    /// <param name="latentChannels">The channels of the package's picture latents.</param>
    /// <exception cref="FormatException">The layout, the axes or the padding are unknown.</exception>
    public ChannelLayout ToChannelLayout(int latentChannels) => ChannelLayout.Parse(Layout, Axes, ImagePadding, Motion?.Channels ?? latentChannels, MaskChannels);
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

/// <summary>
/// The graphs around a clip denoiser whose latents are the motion of a loop, <c>[batch, channels, frames, 1, 1]</c>: every frame is the
/// first one warped by a flow that these latents say (<see cref="Pipelines.MotionCodec"/>).
/// </summary>
/// <param name="FirstFrame">The graph of the first frame's features: <c>motion/first_frame</c>.</param>
/// <param name="Decoder">The graph from latents to flows: <c>motion/decoder</c>.</param>
/// <param name="Channels">Latent channels of a frame.</param>
/// <param name="LeastArea">
/// The share of its own area that every place of the picture keeps at least, and the reciprocal of what it grows to at most; above 0
/// and below 1. What goes beyond is held back. Default .3.
/// </param>
public sealed record MotionDescription(string FirstFrame, string Decoder, int Channels, float LeastArea = 0.3f);
