using Emu.Diffusion.Graphs;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Editing.Composition;
using Emu.Media.ColorManagement;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Editing.Masks;

/// <summary>Finds subjects on photographs by <see cref="PhotoMaskModel"/>, and brings its mask to the picture's size along the picture's edges. Safe for concurrent use.</summary>
/// <param name="model">The model; looked for at first use.</param>
/// <param name="sessions">Where the loaded graph is kept; best without <see cref="SessionCacheOptions.KeepsWorkingMemory"/>.</param>
public sealed class PhotoMask(PhotoMaskModel model, SessionCache sessions) : ISubjectFinder
{
    /// <summary>The graph takes pictures of this side, whatever their shape.</summary>
    private const int Side = 1024;

    private const int Plane = Side * Side;

    /// <summary>A smaller share of pixels is noise: nothing was found.</summary>
    private const double LeastShare = 0.0005;

    /// <summary>Pictures with more bytes need the memory that the loaded graph takes, 400 MB, more than the second in which it is loaded again: 25 megapixels of 8 bits.</summary>
    private const int LargeBytes = 100_000_000;

    /// <inheritdoc/>
    public string? Missing => model.IsPresent ? null : PhotoMaskModel.MissingMessage;

    /// <inheritdoc/>
    public Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Task.Run(() => Find(picture, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken) => Task.Run(() => sessions.Acquire(ReadGraph(cancellationToken), cancellationToken).Dispose(), cancellationToken);

    private ModelGraph ReadGraph(CancellationToken cancellationToken) =>
        sessions.Device.Kind == DeviceKind.Cpu ? model.ReadSinglePrecisionGraph(cancellationToken) : model.ReadGraph();

    private EditMask Find(SourcePicture picture, CancellationToken cancellationToken)
    {
        var graph = ReadGraph(cancellationToken);
        var small = Reduction.Of(picture, Side, cancellationToken).ToSrgb(cancellationToken).Over(PictureColor.White).Resized(Side, Side);
        var mask = Run(graph, small, cancellationToken);
        if (picture.Bytes.Length > LargeBytes)
        {
            sessions.UnloadIdle();
        }

        return mask.Count(value => value >= 0.5f) < LeastShare * Plane
            ? EditMask.CreateByRows(picture.Width, picture.Height, static (_, _) => { }, cancellationToken)
            : GuidedUpsampling.Enlarge(mask, Side, Side, picture, cancellationToken);
    }

    private float[] Run(ModelGraph graph, Picture small, CancellationToken cancellationToken)
    {
        var input = new FloatTensor([1, 3, Side, Side]);
        for (var i = 0; i < Plane; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                input.Span[(c * Plane) + i] = (small.Samples[(i * Picture.Channels) + c] - 128) / 256f;
            }
        }
        using var lease = sessions.Acquire(graph, cancellationToken);
        var output = lease.Session.Run([new GraphInput(graph.Inputs[0].Name, input)], [graph.Outputs[0].Name], cancellationToken)[0];
        return output.Span.Length == Plane
            ? output.Span.ToArray()
            : throw new Emu.Diffusion.ModelPackages.ModelPackageException(graph.Path, $"the mask has shape {output.Shape}; [1, 1, {Side}, {Side}] was expected.");
    }
}
