namespace Emu.Diffusion.ChannelLayouts;

/// <summary>
/// A channel layout at a size: where everything lies in one sample's input (a batch is several, one after another) and in one
/// sample's latents. The conditioning channels are written once; a step rewrites the noise alone.
/// </summary>
public sealed class InputPlan
{
    private readonly FrameBlock[] _noiseBlocks;

    /// <summary>Plans the input.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="frames">Frames; 1 for a layout without.</param>
    /// <param name="height">Height of the latents.</param>
    /// <param name="width">Width of the latents.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or there are frames in a layout without.</exception>
    public InputPlan(ChannelLayout layout, int frames, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (!layout.HasFrames)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(frames, 1);
        }

        Layout = layout;
        Frames = frames;
        Height = height;
        Width = width;
        InputLength = checked(layout.InputChannels * frames * height * width);
        LatentLength = layout.LatentChannels * frames * height * width;
        FrameBlocks = layout.Axes == AxisOrder.BCFHW
            ? [.. Enumerable.Range(0, layout.LatentChannels * frames).Select(block => new FrameBlock(block % frames, block * PlaneLength, PlaneLength))]
            : [.. Enumerable.Range(0, frames).Select(frame => new FrameBlock(frame, frame * PictureLength, PictureLength))];
        var first = layout.FirstChannel(ChannelPart.Noise)!.Value;
        _noiseBlocks = layout.Axes == AxisOrder.BFCHW && layout.InputChannels != layout.LatentChannels
            ? [.. Enumerable.Range(0, frames).Select(frame => new FrameBlock(frame, InputOffset(first, frame), PictureLength))]
            : [new FrameBlock(0, InputOffset(first, 0), LatentLength)];
    }

    /// <summary>The layout.</summary>
    public ChannelLayout Layout { get; }

    /// <summary>Frames.</summary>
    public int Frames { get; }

    /// <summary>Height of the latents.</summary>
    public int Height { get; }

    /// <summary>Width of the latents.</summary>
    public int Width { get; }

    /// <summary>Elements of one sample's input.</summary>
    public int InputLength { get; }

    /// <summary>Elements of one sample's latents.</summary>
    public int LatentLength { get; }

    /// <summary>Elements of a picture's latents, <c>[channels, height, width]</c>.</summary>
    public int PictureLength => Layout.LatentChannels * PlaneLength;

    /// <summary>Which elements of one sample's latents belong to which frame; together, all of them.</summary>
    public IReadOnlyList<FrameBlock> FrameBlocks { get; }

    /// <summary>Where the noised latents lie in one sample's input: runs that stand one after another in the latents.</summary>
    public IReadOnlyList<FrameBlock> NoiseBlocks => _noiseBlocks;

    private int PlaneLength => Height * Width;

    /// <summary>Where a channel of a frame begins in one sample's input.</summary>
    public int InputOffset(int channel, int frame) =>
        (Layout.Axes == AxisOrder.BFCHW ? (frame * Layout.InputChannels) + channel : (channel * Frames) + frame) * PlaneLength;

    /// <summary>Writes one picture and its mask, spread over the frames as the layout says; the other frames' conditions become zeros.</summary>
    /// <param name="input">One sample's input.</param>
    /// <param name="picture">Latents <c>[channels, height, width]</c>; empty for no picture: zeros and a mask of zeros.</param>
    public void WritePicture(Span<float> input, ReadOnlySpan<float> picture)
    {
        ClearConditions(input);
        for (var frame = 0; !picture.IsEmpty && frame < (Layout.ImagePadding == ImagePadding.Repeat ? Frames : 1); frame++)
        {
            WriteImage(input, frame, picture);
            WriteMask(input, frame);
        }
    }

    /// <summary>Sets all conditioning channels of one sample's input to zeros.</summary>
    public void ClearConditions(Span<float> input)
    {
        for (var frame = 0; frame < Frames; frame++)
        {
            ForEachPlane(input, ChannelPart.Image, frame, static (plane, _) => plane.Clear());
            ForEachPlane(input, ChannelPart.Mask, frame, static (plane, _) => plane.Clear());
        }
    }

    /// <summary>Writes a picture's latents on one frame; nothing where the layout takes no picture.</summary>
    /// <param name="input">One sample's input.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="picture">Latents <c>[channels, height, width]</c>.</param>
    public void WriteImage(Span<float> input, int frame, ReadOnlySpan<float> picture)
    {
        RequireLength(picture.Length, PictureLength, nameof(picture));
        if (Layout.FirstChannel(ChannelPart.Image) is { } first)
        {
            RequireLength(input.Length, InputLength, nameof(input));
            RequireFrame(frame);
            for (var channel = 0; channel < Layout.LatentChannels; channel++)
            {
                picture.Slice(channel * PlaneLength, PlaneLength).CopyTo(input[InputOffset(first + channel, frame)..]);
            }
        }
    }

    /// <summary>Marks one frame as known; nothing where the layout takes no mask.</summary>
    public void WriteMask(Span<float> input, int frame)
    {
        RequireFrame(frame);
        ForEachPlane(input, ChannelPart.Mask, frame, static (plane, _) => plane.Fill(1));
    }

    private void ForEachPlane(Span<float> input, ChannelPart part, int frame, System.Buffers.SpanAction<float, int> action)
    {
        RequireLength(input.Length, InputLength, nameof(input));
        if (Layout.FirstChannel(part) is { } first)
        {
            for (var channel = first; channel < first + Layout.ChannelsOf(part); channel++)
            {
                action(input.Slice(InputOffset(channel, frame), PlaneLength), channel);
            }
        }
    }

    private void RequireFrame(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, Frames);
    }

    private static void RequireLength(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{actual} elements were given; {expected} were expected.", name);
        }
    }
}

/// <summary>A run of elements that belongs to one frame.</summary>
/// <param name="Frame">The frame, from 0.</param>
/// <param name="Offset">Where the run begins.</param>
/// <param name="Length">Its length.</param>
public readonly record struct FrameBlock(int Frame, int Offset, int Length);
