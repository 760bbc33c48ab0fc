using Emu.Diffusion.Tensors;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Generation.Upsampling;

/// <summary>
/// Makes pictures smaller if they are too large; what a package without an upscaling graph gets. Premultiplied, rounded once at the end.
/// </summary>
public sealed class ResamplingUpsampler : IPictureUpsampler
{
    /// <inheritdoc/>
    public Picture Upsample(FloatTensor decoded, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        cancellationToken.ThrowIfCancellationRequested();
        var (height, width) = (decoded.Shape[2], decoded.Shape[3]);
        size = Math.Min(size, width);
        if (decoded.Shape[1] == 3)
        {
            return PicturePlanes.FromRgbPlanes(decoded.Span, width, height).Resized(size, size);
        }

        return width == size && height == size
            ? PicturePlanes.FromPremultipliedPlanes(decoded.Span, width, height)
            : new PictureResizer(width, height, size, size).ResizePremultipliedPlanes(decoded.Span);
    }
}
