using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>Turns latents into pictures.</summary>
public sealed class PictureDecoder
{
    /// <summary>How many pictures are decoded at once unless told otherwise.</summary>
    public const int DefaultChunk = 8;

    private readonly ModelPackage _package;
    private readonly SessionCache _sessions;

    /// <summary>Creates a decoder; nothing is loaded yet.</summary>
    public PictureDecoder(ModelPackage package, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        _package = package;
        _sessions = sessions;
    }

    /// <summary>Decodes latents in chunks, so that memory is bounded and the first pictures come before the last.</summary>
    /// <param name="latents">Latents <c>[n, latent channels, height, width]</c>.</param>
    /// <param name="chunk">
    /// How many are decoded at once. Chunks begin at multiples of it, so that shapes (and with them every bit) follow from this
    /// number alone; a graph that fixes its batch is decoded by that.
    /// </param>
    /// <param name="cancellationToken">Cancels within an operator or two.</param>
    /// <returns>Pictures <c>[up to chunk, channels, height, width]</c>, about −1 to 1 (not clamped), premultiplied where there is alpha.</returns>
    /// <exception cref="ArgumentException">The latents have another shape.</exception>
    /// <exception cref="ModelPackageException">The graph does not take latents of this size, or fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<FloatTensor> Decode(FloatTensor latents, int chunk = DefaultChunk, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(latents);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 1);
        var model = _package.Description;
        return latents.Shape is [_, int channels, _, _] && channels == model.LatentChannels
            ? DecodeChunks(latents, _package.Decoder.Input.FixedSize(0) ?? chunk, cancellationToken)
            : throw new ArgumentException($"Latents of shape {latents.Shape} were given; [n, {model.LatentChannels}, height, width] was expected.", nameof(latents));
    }

    /// <summary>Decodes latents into one tensor.</summary>
    /// <inheritdoc cref="Decode"/>
    public FloatTensor DecodeAll(FloatTensor latents, int chunk = DefaultChunk, CancellationToken cancellationToken = default)
    {
        FloatTensor? all = null;
        var done = 0;
        foreach (var pictures in Decode(latents, chunk, cancellationToken))
        {
            all ??= new FloatTensor(pictures.Shape.WithBatch(latents.Shape[0]));
            pictures.Span.CopyTo(all.Slice(done, pictures.Shape[0]).Span);
            done += pictures.Shape[0];
        }

        return all ?? throw new ArgumentException("There are no latents to decode.", nameof(latents));
    }

    private IEnumerable<FloatTensor> DecodeChunks(FloatTensor latents, int chunk, CancellationToken cancellationToken)
    {
        using var lease = _sessions.Acquire(_package.Decoder.Graph, cancellationToken);
        for (var start = 0; start < latents.Shape[0]; start += chunk)
        {
            yield return DecodeChunk(lease.Session, latents.Slice(start, Math.Min(chunk, latents.Shape[0] - start)), cancellationToken);
        }
    }

    private FloatTensor DecodeChunk(GraphSession session, FloatTensor latents, CancellationToken cancellationToken)
    {
        var model = _package.Description;
        var contract = _package.Decoder;
        var unscaled = model.ScalingFactor != 1 || model.ShiftFactor != 0 ? model.Unscale(latents) : latents;

        List<GraphInput> inputs = [new GraphInput(contract.Input.Name, unscaled)];
        if (contract.FrameCount is { } frames)
        {
            inputs.Add(new GraphInput(frames.Name, frames.Rank == 0 ? [] : [1], new[] { latents.Shape[0] }));
        }

        var pictures = session.Run(inputs, [contract.Output.Name], cancellationToken)[0];
        TensorShape expected = [latents.Shape[0], model.PictureChannels, latents.Shape[2] * model.LatentDownscale, latents.Shape[3] * model.LatentDownscale];
        return pictures.Shape.Equals(expected)
            ? pictures
            : throw new ModelPackageException(contract.Graph.Path, $"the graph gave pictures of shape {pictures.Shape}; {expected} was expected.");
    }
}
