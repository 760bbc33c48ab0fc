using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>The shapes of a denoiser's input and output in its own axis order, and where in them a channel of a frame lies.</summary>
internal sealed class DenoiserShape
{
    private readonly bool _framesFirst;

    public DenoiserShape(DenoiserContract denoiser, ModelDescription model, (int Height, int Width)? size)
    {
        Description = denoiser.Description;
        Channels = model.LatentChannels;
        Frames = Description.IsVideo ? FramesOf(denoiser, model) : 1;
        (Height, Width) = size ?? (model.NativeSize / model.LatentDownscale, model.NativeSize / model.LatentDownscale);
        InputChannels = Description.Layout.Sum(part => part == "mask" ? 1 : Channels);
        _framesFirst = Description.Axes == "BFCHW";
        Latents = Shape(Channels, 1);
    }

    public DenoiserDescription Description { get; }

    public int Channels { get; }

    public int InputChannels { get; }

    public int Frames { get; }

    public int Height { get; }

    public int Width { get; }

    public int Plane => Height * Width;

    /// <summary>The shape of one sample's latents.</summary>
    public TensorShape Latents { get; }

    public TensorShape Input(int batch) => Shape(InputChannels, batch);

    public TensorShape Output(int batch) => Shape(Channels, batch);

    /// <summary>The first channel of a part of the layout; −1 if the layout has no such part.</summary>
    public int FirstChannel(string part)
    {
        int channel = 0;
        foreach (string other in Description.Layout)
        {
            if (other == part)
            {
                return channel;
            }

            channel += other == "mask" ? 1 : Channels;
        }

        return -1;
    }

    /// <summary>Where the noised latents lie in one sample's input: blocks of equal length, one after another in the latents.</summary>
    public (int Offset, int Length)[] NoiseBlocks()
    {
        int first = FirstChannel("noise");
        return _framesFirst && InputChannels != Channels
            ? [.. Enumerable.Range(0, Frames).Select(frame => (InputOffset(first, frame), Channels * Plane))]
            : [(InputOffset(first, 0), Latents.ElementCount)];
    }

    /// <summary>The blocks of one sample's latents, each with the frame that it belongs to.</summary>
    public IEnumerable<(int Frame, int Offset, int Length)> FrameBlocks() => _framesFirst
        ? Enumerable.Range(0, Frames).Select(frame => (frame, frame * Channels * Plane, Channels * Plane))
        : Enumerable.Range(0, Channels * Frames).Select(block => (block % Frames, block * Plane, Plane));

    /// <summary>Where a channel of a frame begins in one sample's input.</summary>
    public int InputOffset(int channel, int frame) => (_framesFirst ? (frame * InputChannels) + channel : (channel * Frames) + frame) * Plane;

    private static int FramesOf(DenoiserContract denoiser, ModelDescription model)
        => denoiser.Sample.FixedSize(denoiser.Description.Axes.IndexOf('F', StringComparison.Ordinal)) ?? model.Frames;

    private TensorShape Shape(int channels, int batch) => Description.Axes switch
    {
        "BCHW" => [batch, channels, Height, Width],
        "BFCHW" => [batch, Frames, channels, Height, Width],
        _ => [batch, channels, Frames, Height, Width],
    };
}
