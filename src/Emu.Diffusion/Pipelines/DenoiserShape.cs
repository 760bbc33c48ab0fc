using Emu.Diffusion.ChannelLayouts;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>The shapes of a denoiser's input and output in its own axis order.</summary>
internal sealed class DenoiserShape
{
    public DenoiserShape(DenoiserContract denoiser, ModelDescription model, (int Height, int Width)? size)
    {
        Description = denoiser.Description;
        var (height, width) = size ?? (model.NativeSize / model.LatentDownscale, model.NativeSize / model.LatentDownscale);
        Plan = new InputPlan(Description.ToChannelLayout(model.LatentChannels), Description.IsVideo ? Description.Frames ?? model.Frames : 1, height, width);
        Latents = Output(1);
    }

    public DenoiserDescription Description { get; }

    /// <summary>Where everything lies in one sample's input and latents.</summary>
    public InputPlan Plan { get; }

    public int Height => Plan.Height;

    public int Width => Plan.Width;

    /// <summary>The shape of one sample's latents.</summary>
    public TensorShape Latents { get; }

    public TensorShape Input(int batch) => Shape(Plan.Layout.InputChannels, batch);

    public TensorShape Output(int batch) => Shape(Plan.Layout.LatentChannels, batch);

    private TensorShape Shape(int channels, int batch) => Plan.Layout.Axes switch
    {
        AxisOrder.BCHW => [batch, channels, Height, Width],
        AxisOrder.BFCHW => [batch, Plan.Frames, channels, Height, Width],
        _ => [batch, channels, Plan.Frames, Height, Width],
    };
}
