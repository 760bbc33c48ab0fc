using System.Numerics.Tensors;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.ModelPackages;

/// <summary>What a model package's graphs do not say: read from <c>emu.json</c>, or inferred for pipelines of diffusers that have none.</summary>
public sealed record ModelDescription
{
    /// <summary>The package's name.</summary>
    public required string Name { get; init; }

    /// <summary>The package's version; empty if unknown.</summary>
    public string Version { get; init; } = "";

    /// <summary>The licence of the weights; empty if unknown.</summary>
    public string License { get; init; } = "";

    /// <summary>Whether clips are loops: time is circular.</summary>
    public bool Loops { get; init; }

    /// <summary>The frames of a clip as the denoiser makes it.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>The frames of the finished video.</summary>
    public int Ticks { get; init; } = 1;

    /// <summary>The frames a second of the finished video.</summary>
    public int FramesPerSecond { get; init; } = 16;

    /// <summary>The side of the pictures that the denoiser was trained on, in pixels.</summary>
    public required int NativeSize { get; init; }

    /// <summary>The sides that can be asked for, native one included; others are resized. Default: 128, 256 and 512, up to four times the native.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>The channels of the latents.</summary>
    public required int LatentChannels { get; init; }

    /// <summary>How many pixels of a side make one latent.</summary>
    public int LatentDownscale { get; init; } = 8;

    /// <summary>Latents are the encoder's output, less <see cref="ShiftFactor"/>, times this.</summary>
    public float ScalingFactor { get; init; } = 1;

    /// <summary>See <see cref="ScalingFactor"/>.</summary>
    public float ShiftFactor { get; init; }

    /// <summary>The channels of the pictures.</summary>
    public PictureAlpha Alpha { get; init; }

    /// <summary>The text encoders, in the order in which their outputs are joined; empty for packages without text.</summary>
    public IReadOnlyList<TextSource> Text { get; init; } = [new TextSource()];

    /// <summary>What the unconditional prompt is.</summary>
    public UnconditionalPrompt UnconditionalPrompt { get; init; }

    /// <summary>Text (or noise alone) to picture; null if the package has none.</summary>
    public DenoiserDescription? Image { get; init; }

    /// <summary>Picture (and text) to clip; null if the package has none.</summary>
    public DenoiserDescription? Video { get; init; }

    /// <summary>Picture and instruction to picture; null if the package has none.</summary>
    public DenoiserDescription? Edit { get; init; }

    /// <summary>Makes the frames between a clip's frames; null if the package has none, and latents are interpolated linearly.</summary>
    public InterpolationDescription? Interpolation { get; init; }

    /// <summary>Enlarges decoded pictures; null if the package has none.</summary>
    public UpscalerDescription? Upscaler { get; init; }

    /// <summary>The channels of a picture: 4 with alpha, else 3.</summary>
    public int PictureChannels => Alpha == PictureAlpha.None ? 3 : 4;

    /// <summary>The denoisers that make pictures and clips; without <see cref="Interpolation"/>.</summary>
    public IEnumerable<DenoiserDescription> Denoisers => new[] { Image, Video, Edit }.OfType<DenoiserDescription>();

    /// <summary>All denoisers, that of <see cref="Interpolation"/> last.</summary>
    public IEnumerable<DenoiserDescription> AllDenoisers => Interpolation is { } interpolation ? Denoisers.Append(interpolation.Denoiser) : Denoisers;

    /// <summary>Latents as the encoder gave them, and as the decoder and some denoisers take them: divided by <see cref="ScalingFactor"/>, plus <see cref="ShiftFactor"/>.</summary>
    public FloatTensor Unscale(FloatTensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        FloatTensor unscaled = new(latents.Shape);
        TensorPrimitives.Divide(latents.Span, ScalingFactor, unscaled.Span);
        TensorPrimitives.Add(unscaled.Span, ShiftFactor, unscaled.Span);
        return unscaled;
    }
}

/// <summary>What a package takes for the unconditional prompt.</summary>
public enum UnconditionalPrompt
{
    /// <summary>The encoding of the empty prompt.</summary>
    EmptyPrompt,

    /// <summary>Zeros.</summary>
    Zeros,
}

/// <summary>What channels a package's pictures have.</summary>
public enum PictureAlpha
{
    /// <summary>Red, green, blue.</summary>
    None,

    /// <summary>Red, green, blue multiplied by alpha, and alpha.</summary>
    Premultiplied,
}

/// <summary>A text encoder of a package and what is taken from it.</summary>
public sealed record TextSource
{
    /// <summary>The graph's folder.</summary>
    public string Graph { get; init; } = "text_encoder";

    /// <summary>The tokenizer's folder.</summary>
    public string Tokenizer { get; init; } = "tokenizer";

    /// <summary>Whether the last layer but one is used (Stable Diffusion XL) rather than the last.</summary>
    public bool Penultimate { get; init; }

    /// <summary>Whether the pooled embedding is passed to the denoiser too.</summary>
    public bool Pooled { get; init; }
}

/// <summary>A graph that enlarges pictures: <c>[1, channels, height, width]</c>, 0 to 1, to the same times <paramref name="Scale"/>.</summary>
/// <param name="Graph">The graph's folder.</param>
/// <param name="Scale">By how much each side grows.</param>
public sealed record UpscalerDescription(string Graph, int Scale);
