using System.Numerics.Tensors;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Generation.Models;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Generation.Rendering;

/// <summary>
/// Makes pictures of decoded ones and brings them to the size asked for, as far as that needs the model: with the package's
/// upscaling graph where there is one, and by resampling where a picture is too large. Enlarging by resampling is left to the
/// encoder, so that what is stored in between stays a quarter or a sixteenth as large. Safe for concurrent use.
/// </summary>
public sealed class PictureUpsampler(LoadedModel model)
{
    /// <summary>Makes a picture of a decoded one.</summary>
    /// <param name="decoded">One picture as the decoder gives it: <c>[1, 3 or 4, height, width]</c>, −1 to 1, colours premultiplied where there is alpha.</param>
    /// <param name="size">Width and height wanted, in pixels; the picture is never larger, and smaller if only resampling could enlarge it.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    /// <exception cref="ModelPackageException">The upscaling graph fails or gives another size.</exception>
    public Picture Upsample(FloatTensor decoded, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        cancellationToken.ThrowIfCancellationRequested();
        return model.Description.Upscaler is { } upscaler && decoded.Shape[3] < size
            ? Resample(Enlarge(decoded, upscaler, cancellationToken), size)
            : Resample(decoded, size);
    }

    /// <summary>The graph takes <c>[1, channels, height, width]</c>, 0 to 1, and gives the same times its scale.</summary>
    private FloatTensor Enlarge(FloatTensor decoded, UpscalerDescription upscaler, CancellationToken cancellationToken)
    {
        var graph = model.Package.Graphs[upscaler.Graph];
        var unit = new FloatTensor(decoded.Shape);
        TensorPrimitives.Add(decoded.Span, 1, unit.Span);
        TensorPrimitives.Multiply(unit.Span, 0.5f, unit.Span);
        TensorPrimitives.Clamp(unit.Span, 0, 1, unit.Span);
        using var lease = model.Sessions.Acquire(graph, cancellationToken);
        var enlarged = lease.Session.Run([new GraphInput(graph.Inputs[0].Name, unit)], [graph.Outputs[0].Name], cancellationToken)[0];
        TensorShape expected = [1, decoded.Shape[1], decoded.Shape[2] * upscaler.Scale, decoded.Shape[3] * upscaler.Scale];
        if (!enlarged.Shape.Equals(expected))
        {
            throw new ModelPackageException(graph.Path, $"the graph made {enlarged.Shape} of {decoded.Shape}; {expected} was expected.");
        }

        TensorPrimitives.Clamp(enlarged.Span, 0, 1, enlarged.Span);
        TensorPrimitives.Multiply(enlarged.Span, 2, enlarged.Span);
        TensorPrimitives.Subtract(enlarged.Span, 1, enlarged.Span);
        return enlarged;
    }

    /// <summary>Makes smaller what is too large, premultiplied, rounded once at the end.</summary>
    private static Picture Resample(FloatTensor decoded, int size)
    {
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
