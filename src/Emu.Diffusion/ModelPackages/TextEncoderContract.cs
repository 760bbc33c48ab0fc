using System.Globalization;
using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

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

    /// <summary>Which tokens count <c>[batch, tokens]</c>; null if the graph does not ask.</summary>
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
