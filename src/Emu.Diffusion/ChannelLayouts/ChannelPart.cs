namespace Emu.Diffusion.ChannelLayouts;

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
