namespace Emu.Diffusion.ChannelLayouts;

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
