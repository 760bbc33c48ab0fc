using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

/// <summary>One half of the autoencoder, with the role of its input and output.</summary>
public sealed record PictureCodecContract
{
    private PictureCodecContract(ModelGraph graph) => Graph = graph;

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Pictures or latents.</summary>
    public required GraphValue Input { get; init; }

    /// <summary>How many frames belong together, a whole number (Stable Video Diffusion's decoder); null if the graph does not ask.</summary>
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
