using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

/// <summary>A denoiser's graph with the role of each of its inputs; those it does not have are null.</summary>
public sealed record DenoiserContract
{
    private DenoiserContract(ModelGraph graph, DenoiserDescription description)
    {
        Graph = graph;
        Description = description;
    }

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>What the package says of it.</summary>
    public DenoiserDescription Description { get; }

    /// <summary>The noised latents with what is joined to their channels.</summary>
    public required GraphValue Sample { get; init; }

    /// <summary>The timestep.</summary>
    public required GraphValue Timestep { get; init; }

    /// <summary>Token embeddings <c>[batch, tokens, width]</c>.</summary>
    public GraphValue? Text { get; init; }

    /// <summary>Which tokens count <c>[batch, tokens]</c>.</summary>
    public GraphValue? TextMask { get; init; }

    /// <summary>Pooled text <c>[batch, width]</c> (Stable Diffusion XL).</summary>
    public GraphValue? PooledText { get; init; }

    /// <summary>Original size, crop and target size <c>[batch, 6]</c> (Stable Diffusion XL).</summary>
    public GraphValue? TimeIds { get; init; }

    /// <summary>Frames a second less one, motion bucket, noise augmentation <c>[batch, 3]</c> (Stable Video Diffusion).</summary>
    public GraphValue? AddedTimeIds { get; init; }

    /// <summary>The embedded guidance scale <c>[batch, width]</c> (latent consistency models).</summary>
    public GraphValue? TimestepCondition { get; init; }

    /// <summary>Features of the first frame, of a denoiser of motion (<see cref="MotionContract"/>).</summary>
    public GraphValue? FirstFrameFeatures { get; init; }

    /// <summary>What the network predicts.</summary>
    public required GraphValue Output { get; init; }

    /// <summary>Finds the roles, and refuses a graph that does not fit its package.</summary>
    /// <exception cref="ModelPackageException">An input is missing, unknown, or of another shape than the package says.</exception>
    internal static DenoiserContract Read(ModelGraph graph, DenoiserDescription description, ModelDescription model)
    {
        ContractReader reader = new(graph);
        DenoiserContract contract = new(graph, description)
        {
            Sample = reader.Input("the noised latents", "sample", "hidden_states", "latent_model_input"),
            Timestep = reader.Input("the timestep", "timestep", "timesteps", "t"),
            Text = reader.OptionalInput("encoder_hidden_states"),
            TextMask = reader.OptionalInput("encoder_attention_mask"),
            PooledText = reader.OptionalInput("text_embeds", "pooled_projections"),
            TimeIds = reader.OptionalInput("time_ids"),
            AddedTimeIds = reader.OptionalInput("added_time_ids"),
            TimestepCondition = reader.OptionalInput("timestep_cond"),
            FirstFrameFeatures = description.Motion is null ? null : reader.Input("the first frame's features", MotionContract.FeaturesName),
            Output = reader.Output("the prediction", "out_sample", "out_hidden_states"),
        };
        reader.RequireNoOthers();
        var axes = description.Axes;
        var layout = description.ToChannelLayout(model.LatentChannels);
        reader.RequireRank(contract.Sample, axes.Length, string.Join(", ", axes.ToCharArray()));
        reader.RequireSize(contract.Sample, axes.IndexOf('C', StringComparison.Ordinal), layout.InputChannels, $"{string.Join(" + ", description.Layout)} with {layout.LatentChannels} latent channels");
        reader.RequireRank(contract.Output, axes.Length, string.Join(", ", axes.ToCharArray()));
        reader.RequireSize(contract.Output, axes.IndexOf('C', StringComparison.Ordinal), layout.LatentChannels, "the latent channels");
        foreach (var side in "HW")
        {
            var (size, meaning) = description.Motion is null ? (model.NativeSize / model.LatentDownscale, $"{model.NativeSize} pixels at {model.LatentDownscale} a latent") : (1, "motion has no places");
            reader.RequireSize(contract.Sample, axes.IndexOf(side, StringComparison.Ordinal), size, meaning);
        }

        if (description.IsVideo)
        {
            reader.RequireSize(contract.Sample, axes.IndexOf('F', StringComparison.Ordinal), description.Frames ?? model.Frames, "the clip's frames");
        }

        return contract;
    }
}
