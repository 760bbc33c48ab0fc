namespace Emu.Diffusion.ChannelLayouts;

/// <summary>
/// How a denoiser's input channels are laid out: the noised latents, the conditioning picture and its mask, in the network's own
/// order. Families of image-conditioned models differ in this data only.
/// </summary>
public sealed record ChannelLayout
{
    private static readonly (string Name, ChannelPart Part)[] PartNames =
        [("noise", ChannelPart.Noise), ("image", ChannelPart.Image), ("mask", ChannelPart.Mask)];

    private static readonly (string Name, AxisOrder Order)[] AxisNames =
        [("BCHW", AxisOrder.BCHW), ("BCFHW", AxisOrder.BCFHW), ("BFCHW", AxisOrder.BFCHW)];

    private static readonly (string Name, ImagePadding Padding)[] PaddingNames =
        [("zero", ImagePadding.Zero), ("repeat", ImagePadding.Repeat)];

    private ChannelLayout(IReadOnlyList<ChannelPart> parts, AxisOrder axes, ImagePadding imagePadding, int latentChannels, int maskChannels)
    {
        Parts = parts;
        Axes = axes;
        ImagePadding = imagePadding;
        LatentChannels = latentChannels;
        MaskChannels = maskChannels;
    }

    /// <summary>The parts, each at most once, in the order of the channels.</summary>
    public IReadOnlyList<ChannelPart> Parts { get; }

    /// <summary>The order of the axes.</summary>
    public AxisOrder Axes { get; }

    /// <summary>How one picture spreads over the frames.</summary>
    public ImagePadding ImagePadding { get; }

    /// <summary>Channels of the latents, noised or of the picture.</summary>
    public int LatentChannels { get; }

    /// <summary>Channels of the mask: 1, or as many as frames share a latent (Wan: 4).</summary>
    public int MaskChannels { get; }

    /// <summary>Channels of the network's input.</summary>
    public int InputChannels => Parts.Sum(ChannelsOf);

    /// <summary>Whether there are frames.</summary>
    public bool HasFrames => Axes != AxisOrder.BCHW;

    /// <summary>Reads a layout as <c>emu.json</c> names it.</summary>
    /// <param name="layout">The parts in order: <c>noise</c>, and <c>image</c> and <c>mask</c> at most once each.</param>
    /// <param name="axes"><c>BCHW</c>, <c>BCFHW</c> or <c>BFCHW</c>.</param>
    /// <param name="imagePadding"><c>zero</c> or <c>repeat</c>.</param>
    /// <param name="latentChannels">Channels of the latents, from 1.</param>
    /// <param name="maskChannels">Channels of the mask, from 1.</param>
    /// <exception cref="FormatException">A name is unknown, a part stands twice, or the noise is missing; the message names the field.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of channels is below 1.</exception>
    public static ChannelLayout Parse(IReadOnlyList<string> layout, string axes, string imagePadding, int latentChannels, int maskChannels = 1)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(latentChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maskChannels, 1);
        ChannelPart[] parts = [.. layout.Select(name => Named(PartNames, name, "layout"))];
        if (!parts.Contains(ChannelPart.Noise) || parts.Distinct().Count() != parts.Length)
        {
            throw new FormatException($"'layout' is [{string.Join(", ", layout)}]. Accepted: noise once, image and mask at most once each.");
        }

        return new ChannelLayout(parts, Named(AxisNames, axes, "axes"), Named(PaddingNames, imagePadding, "image_padding"), latentChannels, maskChannels);
    }

    /// <summary>The channels that a part takes.</summary>
    public int ChannelsOf(ChannelPart part) => part == ChannelPart.Mask ? MaskChannels : LatentChannels;

    /// <summary>The first channel of a part; null where the network does not take it.</summary>
    public int? FirstChannel(ChannelPart part)
    {
        var channel = 0;
        foreach (var other in Parts)
        {
            if (other == part)
            {
                return channel;
            }

            channel += ChannelsOf(other);
        }

        return null;
    }

    private static T Named<T>((string Name, T Value)[] names, string name, string field)
    {
        foreach (var (known, value) in names)
        {
            if (known == name)
            {
                return value;
            }
        }

        throw new FormatException($"'{field}' holds '{name}'. Accepted: {string.Join(", ", names.Select(known => known.Name))}.");
    }
}

/// <summary>What a run of a denoiser's input channels holds.</summary>
public enum ChannelPart
{
    /// <summary>The latents being denoised.</summary>
    Noise,

    /// <summary>The conditioning picture's latents.</summary>
    Image,

    /// <summary>1 on the frames that the picture gives, else 0.</summary>
    Mask,
}

/// <summary>The order of a denoiser's axes: batch, channels, frames, height, width.</summary>
public enum AxisOrder
{
    /// <summary><c>[batch, channels, height, width]</c>: pictures.</summary>
    BCHW,

    /// <summary><c>[batch, channels, frames, height, width]</c>: Emu Video, AnimateDiff, Wan.</summary>
    BCFHW,

    /// <summary><c>[batch, frames, channels, height, width]</c>: Stable Video Diffusion.</summary>
    BFCHW,
}

/// <summary>How one conditioning picture spreads over a clip's frames.</summary>
public enum ImagePadding
{
    /// <summary>On the first frame, zeros on the others (Emu Video).</summary>
    Zero,

    /// <summary>On every frame (Stable Video Diffusion).</summary>
    Repeat,
}
