using System.Numerics;
using System.Runtime.InteropServices;
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

    /// <inheritdoc/>
    public string? Missing => model.IsPresent ? null : PhotoMaskModel.MissingMessage;

    /// <inheritdoc/>
    public Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Task.Run(() => Find(picture, cancellationToken), cancellationToken);
    }

    private EditMask Find(SourcePicture picture, CancellationToken cancellationToken)
    {
        var graph = model.ReadGraph();
        var small = Reduced(picture, cancellationToken).ToSrgb(cancellationToken).Over(PictureColor.White).Resized(Side, Side);
        var mask = Run(graph, small, cancellationToken);
        return mask.Count(value => value >= 0.5f) < LeastShare * Plane
            ? EditMask.CreateByRows(picture.Width, picture.Height, static (_, _) => { }, cancellationToken)
            : GuidedUpsampling.Enlarge(mask, Side, Side, picture, cancellationToken);
    }

    /// <summary>The means over squares, as many as the graph can take: a copy of a large picture would take as much memory as it does.</summary>
    private static SourcePicture Reduced(SourcePicture picture, CancellationToken cancellationToken)
    {
        var side = Math.Min(picture.Width, picture.Height) / Side;
        if (side < 2)
        {
            return picture;
        }
        var grid = ColorGrid.Read(picture, side, static (_, weights) => weights.Fill(1), isLight: false, cancellationToken);
        return SourcePicture.CreateByRows(
            grid.Width,
            grid.Height,
            8,
            picture.Metadata,
            (y, bytes) =>
            {
                var cells = grid.Cells.Slice(y * grid.Width, grid.Width);
                for (var x = 0; x < cells.Length; x++)
                {
                    // Each cell's weight is its alpha.
                    SourcePicture.WriteRow(MemoryMarshal.Cast<Vector4, float>([PixelReader.Straight(cells[x])]), 8, bytes.Slice(x * SourcePicture.Channels, SourcePicture.Channels));
                }
            },
            cancellationToken);
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
