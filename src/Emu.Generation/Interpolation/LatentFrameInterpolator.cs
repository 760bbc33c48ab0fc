using Emu.Diffusion.Interpolation;
using Emu.Diffusion.Tensors;

namespace Emu.Generation.Interpolation;

/// <summary>Mixes latents over time, for packages without a network that interpolates; see <see cref="LatentInterpolation"/>.</summary>
/// <param name="loops">Whether clips are loops.</param>
public sealed class LatentFrameInterpolator(bool loops) : IFrameInterpolator
{
    /// <inheritdoc/>
    public FloatTensor Interpolate(FloatTensor clip, int ticks)
    {
        ArgumentNullException.ThrowIfNull(clip);
        FloatTensor frames = new(clip.Shape.WithBatch(ticks));
        LatentInterpolation.Interpolate(clip.Span, clip.Shape[0], frames.Span, ticks, loops);
        return frames;
    }
}
