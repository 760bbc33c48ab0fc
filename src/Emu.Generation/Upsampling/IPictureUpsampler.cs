using Emu.Diffusion.Tensors;
using Emu.Media.Pictures;

namespace Emu.Generation.Upsampling;

/// <summary>
/// Brings decoded pictures to the size that was asked for, as far as that takes knowledge of the model. Plain enlarging, which
/// whoever reads a picture can do, is left to the reader: what is stored and read back stays a quarter or a sixteenth as large.
/// Safe for concurrent use.
/// </summary>
public interface IPictureUpsampler
{
    /// <summary>Makes a picture of a decoded one.</summary>
    /// <param name="decoded">One picture as the decoder gives it: <c>[1, 3 or 4, height, width]</c>, −1 to 1, colours premultiplied where there is alpha.</param>
    /// <param name="size">Width and height wanted, in pixels; the picture is never larger, and smaller if nothing but resampling could enlarge it.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    Picture Upsample(FloatTensor decoded, int size, CancellationToken cancellationToken);
}
