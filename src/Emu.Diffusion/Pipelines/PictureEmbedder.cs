using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Turns a picture into the embedding that denoisers without text are conditioned on (Stable Video Diffusion's CLIP vision
/// encoder), in the place of a prompt.
/// </summary>
public sealed class PictureEmbedder
{
    private const string GraphName = "image_encoder";

    // CLIP's mean and deviation of red, green and blue (openai/CLIP, clip.py).
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    private readonly ModelGraph _graph;
    private readonly SessionCache _sessions;

    /// <summary>Creates an embedder; nothing is loaded yet.</summary>
    /// <exception cref="UnsupportedByModelException">The package has no image encoder.</exception>
    public PictureEmbedder(ModelPackage package, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        _graph = package.Graphs.GetValueOrDefault(GraphName)
            ?? throw new UnsupportedByModelException("picture embeddings", $"The model '{package.Description.Name}' has no {GraphName}.");
        _sessions = sessions;
        Input = _graph.FindInput("pixel_values") ?? throw new ModelPackageException(_graph.Path, $"the graph has no input pixel_values; it has {string.Join(", ", _graph.Inputs)}.");
        Output = _graph.FindOutput("image_embeds") ?? _graph.Outputs[0];
    }

    /// <summary>The side of the pictures it takes, in pixels; 224 where the graph leaves it open.</summary>
    public int Size => Input.FixedSize(2) ?? 224;

    private GraphValue Input { get; }

    private GraphValue Output { get; }

    /// <summary>Embeds a picture.</summary>
    /// <param name="picture">A picture <c>[1, 3, <see cref="Size"/>, <see cref="Size"/>]</c>, −1 to 1.</param>
    /// <param name="cancellationToken">Cancels within an operator or two.</param>
    /// <returns>The embedding as one token, to be used as <see cref="DenoiseRequest.Text"/>.</returns>
    /// <exception cref="ArgumentException">The picture has another shape.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TextEmbedding Encode(FloatTensor picture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        TensorShape expected = [1, 3, Size, Size];
        if (!picture.Shape.Equals(expected))
        {
            throw new ArgumentException($"A picture of shape {picture.Shape} was given; {expected} was expected.", nameof(picture));
        }

        FloatTensor normalised = new(expected);
        var plane = Size * Size;
        for (var index = 0; index < normalised.Span.Length; index++)
        {
            var channel = index / plane;
            normalised.Span[index] = (((picture.Span[index] + 1) / 2) - Mean[channel]) / Deviation[channel];
        }

        using var lease = _sessions.Acquire(_graph, cancellationToken);
        var embedding = lease.Session.Run([new GraphInput(Input.Name, normalised)], [Output.Name], cancellationToken)[0];
        FloatTensor mask = new([1, 1]);
        mask.Span.Fill(1);
        return new TextEmbedding(embedding.Reshape([1, 1, embedding.Shape.ElementCount]), mask, null, [], 0);
    }
}
