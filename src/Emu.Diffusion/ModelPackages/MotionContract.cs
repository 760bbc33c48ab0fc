using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

/// <summary>The graphs around a denoiser of motion, with the roles of their inputs and outputs.</summary>
public sealed record MotionContract
{
    internal const string FeaturesName = "first_frame_features";

    private MotionContract(ModelGraph firstFrame, ModelGraph decoder) => (FirstFrameGraph, DecoderGraph) = (firstFrame, decoder);

    /// <summary>The graph of the first frame's features.</summary>
    public ModelGraph FirstFrameGraph { get; }

    /// <summary>The graph from latents to flows.</summary>
    public ModelGraph DecoderGraph { get; }

    /// <summary>The first frame <c>[1, channels, native size, native size]</c>, −1 to 1, colours premultiplied where there is alpha.</summary>
    public required GraphValue FirstFrame { get; init; }

    /// <summary>What the denoiser is to know of it, in the shape that its input takes.</summary>
    public required GraphValue Features { get; init; }

    /// <summary>A loop's latents <c>[frames, channels, 1, 1]</c>.</summary>
    public required GraphValue Latents { get; init; }

    /// <summary>
    /// Its flows <c>[frames, 2, cells, cells]</c>: where each place of a frame is in the first one, less the place itself, to the right
    /// and down, in parts of the picture. The values are the control points of a uniform bicubic B-spline.
    /// </summary>
    public required GraphValue Flows { get; init; }

    /// <summary>Finds the roles, and refuses graphs that do not fit their package.</summary>
    /// <exception cref="ModelPackageException">An input is missing, unknown, or of another shape than the package or its denoiser says.</exception>
    internal static MotionContract Read(ModelGraph firstFrame, ModelGraph decoder, DenoiserContract denoiser, ModelDescription model)
    {
        ContractReader first = new(firstFrame);
        ContractReader second = new(decoder);
        MotionContract contract = new(firstFrame, decoder)
        {
            FirstFrame = first.Input("the first frame", "first_frame"),
            Features = first.Output("the first frame's features", FeaturesName),
            Latents = second.Input("the loop's latents", "latent_sample"),
            Flows = second.Output("the flows", "flow"),
        };
        first.RequireNoOthers();
        second.RequireNoOthers();
        first.RequireRank(contract.FirstFrame, 4, "batch, channels, height, width");
        first.RequireSize(contract.FirstFrame, 1, model.PictureChannels, "the picture's channels");
        first.RequireSize(contract.FirstFrame, 2, model.NativeSize, "the native size");
        first.RequireSize(contract.FirstFrame, 3, model.NativeSize, "the native size");
        RequireFeatures(first, contract.Features, denoiser);
        second.RequireRank(contract.Latents, 4, "frames, channels, 1, 1");
        second.RequireSize(contract.Latents, 1, denoiser.Description.Motion!.Channels, "the channels of motion");
        second.RequireRank(contract.Flows, 4, "frames, 2, cells, cells");
        second.RequireSize(contract.Flows, 1, 2, "displacements to the right and down");
        if (contract.Flows.FixedSize(2) is { } rows)
        {
            second.RequireSize(contract.Flows, 3, rows, "as many cells across as down");
        }

        return contract;
    }

    private static void RequireFeatures(ContractReader reader, GraphValue features, DenoiserContract denoiser)
    {
        var taken = denoiser.FirstFrameFeatures!;
        if (taken.Rank is not { } rank)
        {
            return;
        }

        var meaning = $"{denoiser.Graph.Name} takes {taken}";
        reader.RequireRank(features, rank, meaning);
        for (var axis = 1; axis < rank; axis++)
        {
            if (taken.FixedSize(axis) is { } size)
            {
                reader.RequireSize(features, axis, size, meaning);
            }
        }
    }
}
