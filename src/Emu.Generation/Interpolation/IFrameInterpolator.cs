using Emu.Diffusion.Tensors;

namespace Emu.Generation.Interpolation;

/// <summary>Makes the frames between a clip's frames. Safe for concurrent use.</summary>
public interface IFrameInterpolator
{
    /// <summary>Interpolates latents over time.</summary>
    /// <param name="clip">Latents <c>[frames, latent channels, height, width]</c>.</param>
    /// <param name="ticks">Frames wanted, at least as many as the clip has.</param>
    /// <returns>Latents <c>[ticks, latent channels, height, width]</c>.</returns>
    FloatTensor Interpolate(FloatTensor clip, int ticks);
}
