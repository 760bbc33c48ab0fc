using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

/// <summary>The graph that warps a clip's first frame, with the role of its inputs and output.</summary>
public sealed record FrameWarpContract
{
    private FrameWarpContract(ModelGraph graph) => Graph = graph;

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>What displacements are multiplied by.</summary>
    public required float Strength { get; init; }

    /// <summary>Decoded frames <c>[frames, channels, height, width]</c>, −1 to 1.</summary>
    public required GraphValue Frames { get; init; }

    /// <summary>The clip's first frame <c>[1, channels, height, width]</c>, −1 to 1.</summary>
    public required GraphValue FirstFrame { get; init; }

    /// <summary>One number, <see cref="Strength"/>.</summary>
    public required GraphValue StrengthInput { get; init; }

    /// <summary>Frames, as they came in.</summary>
    public required GraphValue Output { get; init; }

    internal static FrameWarpContract Read(ModelGraph graph, FrameWarpDescription description, ModelDescription model)
    {
        ContractReader reader = new(graph);
        FrameWarpContract contract = new(graph)
        {
            Strength = description.Strength,
            Frames = reader.Input("the decoded frames", "frames"),
            FirstFrame = reader.Input("the first frame", "first_frame"),
            StrengthInput = reader.Input("the strength", "strength"),
            Output = reader.Output("the frames", "sample"),
        };
        reader.RequireNoOthers();
        foreach (var value in new[] { contract.Frames, contract.FirstFrame, contract.Output })
        {
            reader.RequireRank(value, 4, "frames, channels, height, width");
            reader.RequireSize(value, 1, model.PictureChannels, "the picture's channels");
        }

        reader.RequireRank(contract.StrengthInput, 1, "one number");
        return contract;
    }
}
