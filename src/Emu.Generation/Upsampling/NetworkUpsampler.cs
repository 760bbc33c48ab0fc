using System.Numerics.Tensors;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Generation.Models;
using Emu.Media.Pictures;

namespace Emu.Generation.Upsampling;

/// <summary>Enlarges with the package's own graph (<c>[1, channels, height, width]</c>, 0 to 1, to the same times its scale), then makes smaller what is too large.</summary>
public sealed class NetworkUpsampler(LoadedModel model) : IPictureUpsampler
{
    private readonly ResamplingUpsampler _resampler = new();

    /// <inheritdoc/>
    public Picture Upsample(FloatTensor decoded, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        return _resampler.Upsample(decoded.Shape[3] < size ? Enlarge(decoded, cancellationToken) : decoded, size, cancellationToken);
    }

    private FloatTensor Enlarge(FloatTensor decoded, CancellationToken cancellationToken)
    {
        var upscaler = model.Description.Upscaler!;
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
}
