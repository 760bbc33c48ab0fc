using System.Globalization;
using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

/// <summary>Finds a graph's inputs and outputs under the names that exporters give them, and refuses inputs of unknown meaning.</summary>
internal sealed class ContractReader(ModelGraph graph)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public GraphValue Input(string role, params ReadOnlySpan<string> names) => OptionalInput(names)
        ?? throw new ModelPackageException(graph.Path, $"the graph has no input for {role}; one of {string.Join(", ", names)} was expected, but it has {Describe(graph.Inputs)}.");

    public GraphValue? OptionalInput(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (graph.FindInput(name) is { } input)
            {
                _taken.Add(name);
                return input;
            }
        }

        return null;
    }

    public GraphValue Output(string role, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (graph.FindOutput(name) is { } output)
            {
                return output;
            }
        }

        return graph.Outputs is [{ } only]
            ? only
            : throw new ModelPackageException(graph.Path, $"the graph has no output for {role}; one of {string.Join(", ", names)} was expected, but it has {Describe(graph.Outputs)}.");
    }

    /// <summary>Refuses inputs that no role was found for: without a value the graph could not run.</summary>
    public void RequireNoOthers()
    {
        foreach (var input in graph.Inputs.Where(input => !_taken.Contains(input.Name)))
        {
            throw new ModelPackageException(graph.Path, $"the graph has an input {input} that is not known here.");
        }
    }

    public void RequireRank(GraphValue value, int rank, string shape)
    {
        if (value.Rank is { } actual && actual != rank)
        {
            throw new ModelPackageException(graph.Path, $"{value} has {actual} axes; {shape} was expected.");
        }
    }

    public void RequireSize(GraphValue value, int axis, int size, string meaning)
    {
        if (value.FixedSize(axis) is { } actual && actual != size)
        {
            throw new ModelPackageException(graph.Path, $"{value} has {actual} on axis {axis}, but {size} was expected: {meaning}.");
        }
    }

    private static string Describe(IReadOnlyList<GraphValue> values) => values.Count == 0 ? "none" : string.Join(", ", values);
}

/// <summary>A text encoder's graph with the role of its inputs and outputs.</summary>
public sealed record TextEncoderContract
{
    private const string HiddenPrefix = "hidden_states.";

    private TextEncoderContract(ModelGraph graph, TextSource source)
    {
        Graph = graph;
        Source = source;
    }

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>What the package says of it.</summary>
    public TextSource Source { get; }

    /// <summary>Token ids <c>[batch, tokens]</c>.</summary>
    public required GraphValue InputIds { get; init; }

    /// <summary>Which tokens count <c>[batch, tokens]</c>; null if the graph has no such input.</summary>
    public GraphValue? AttentionMask { get; init; }

    /// <summary>Token embeddings <c>[batch, tokens, width]</c>.</summary>
    public required GraphValue Hidden { get; init; }

    /// <summary>The pooled embedding <c>[batch, width]</c>; null if not used.</summary>
    public GraphValue? Pooled { get; init; }

    /// <summary>Finds the roles.</summary>
    /// <exception cref="ModelPackageException">An input or output is missing or unknown.</exception>
    internal static TextEncoderContract Read(ModelGraph graph, TextSource source)
    {
        ContractReader reader = new(graph);
        TextEncoderContract contract = new(graph, source)
        {
            InputIds = reader.Input("token ids", "input_ids"),
            AttentionMask = reader.OptionalInput("attention_mask"),
            Hidden = source.Penultimate ? FindPenultimate(graph) : reader.Output("token embeddings", "last_hidden_state", "text_embeddings"),
            Pooled = source.Pooled ? reader.Output("the pooled embedding", "text_embeds", "pooler_output", "pooled_output") : null,
        };
        reader.RequireNoOthers();
        reader.RequireRank(contract.InputIds, 2, "batch, tokens");
        return contract;
    }

    // All layers are outputs hidden_states.0 (the embedding) to hidden_states.n (the last).
    private static GraphValue FindPenultimate(ModelGraph graph)
    {
        var layers = graph.Outputs
            .Where(output => output.Name.StartsWith(HiddenPrefix, StringComparison.Ordinal))
            .OrderBy(output => int.TryParse(output.Name.AsSpan(HiddenPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : -1)
            .ToArray();
        return layers.Length >= 2
            ? layers[^2]
            : throw new ModelPackageException(graph.Path, $"the layer before the last is used, but the graph has no outputs {HiddenPrefix}0, {HiddenPrefix}1, …; export it with its hidden states.");
    }
}

/// <summary>One half of the autoencoder, with the role of its input and output.</summary>
public sealed record PictureCodecContract
{
    private PictureCodecContract(ModelGraph graph) => Graph = graph;

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Pictures or latents.</summary>
    public required GraphValue Input { get; init; }

    /// <summary>How many frames belong together, a whole number (Stable Video Diffusion's decoder); null if the graph has no such input.</summary>
    public GraphValue? FrameCount { get; init; }

    /// <summary>Latents or pictures.</summary>
    public required GraphValue Output { get; init; }

    /// <summary>Whether the encoder gives mean and log-variance, joined on the channels, rather than latents.</summary>
    public bool IsDistribution { get; init; }

    internal static PictureCodecContract ReadEncoder(ModelGraph graph, ModelDescription model)
    {
        ContractReader reader = new(graph);
        var output = reader.Output("the latents", "latent_sample", "latent_parameters", "latents");
        PictureCodecContract contract = new(graph)
        {
            Input = reader.Input("the picture", "sample", "pixel_values"),
            Output = output,
            IsDistribution = output.Name == "latent_parameters" || output.FixedSize(1) == 2 * model.LatentChannels,
        };
        reader.RequireNoOthers();
        reader.RequireRank(contract.Input, 4, "batch, channels, height, width");
        reader.RequireSize(contract.Input, 1, model.PictureChannels, "the picture's channels");
        reader.RequireSize(contract.Output, 1, contract.IsDistribution ? 2 * model.LatentChannels : model.LatentChannels, "the latent channels");
        return contract;
    }

    internal static PictureCodecContract ReadDecoder(ModelGraph graph, ModelDescription model)
    {
        ContractReader reader = new(graph);
        PictureCodecContract contract = new(graph)
        {
            Input = reader.Input("the latents", "latent_sample", "latents", "sample"),
            FrameCount = reader.OptionalInput("num_frames"),
            Output = reader.Output("the picture", "sample"),
        };
        reader.RequireNoOthers();
        reader.RequireRank(contract.Input, 4, "batch, channels, height, width");
        reader.RequireSize(contract.Input, 1, model.LatentChannels, "the latent channels");
        reader.RequireSize(contract.Output, 1, model.PictureChannels, "the picture's channels");
        return contract;
    }
}
