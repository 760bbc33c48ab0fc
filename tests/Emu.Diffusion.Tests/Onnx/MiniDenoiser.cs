using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Onnx;

/// <summary>
/// A denoiser in closed form, exported under any contract:
/// out[o] = Σ_c W[o, c]·in[c] + t/1000 + mean(text) + mean(extra)…, W[o, c] = 0.05·(o + 1) + 0.01·c − 0.1.
/// </summary>
internal sealed record MiniDenoiser
{
    public int LatentChannels { get; init; } = 4;

    public int InputChannels { get; init; } = 4;

    public string Axes { get; init; } = "BCHW";

    public TensorElementType ElementType { get; init; } = TensorElementType.Float;

    public TensorElementType TimestepType { get; init; } = TensorElementType.Float;

    /// <summary>The timestep's axes; null for one of the batch's own symbol.</summary>
    public object?[]? TimestepAxes { get; init; }

    public bool HasText { get; init; } = true;

    public string OutputName { get; init; } = "out_sample";

    public bool ExternalData { get; init; }

    /// <summary>Further conditioning inputs <c>[batch, width]</c>.</summary>
    public IReadOnlyDictionary<string, int> Extras { get; init; } = new Dictionary<string, int>();

    public float Weight(int output, int input) => (0.05f * (output + 1)) + (0.01f * input) - 0.1f;

    public string Save(string folder)
    {
        var axes = Axes.ToLowerInvariant();
        object?[] Shape(int channels) => [.. Axes.Select(axis => axis switch { 'B' => (object?)"batch", 'C' => channels, _ => null })];
        float[] weights = [.. Enumerable.Range(0, LatentChannels * InputChannels).Select(index => Weight(index / InputChannels, index % InputChannels))];
        var builder = new OnnxBuilder { ExternalData = ExternalData }
            .Input("sample", ElementType, Shape(InputChannels))
            .Input("timestep", TimestepType, TimestepAxes ?? ["batch"])
            .Constant("weights", ElementType, [LatentChannels, InputChannels], weights)
            .Constant("thousandth", ElementType, [], 0.001f)
            .Constant("column", TensorElementType.Int64, [Axes.Length], [-1, .. Enumerable.Repeat(1f, Axes.Length - 1)])
            .Node("Einsum", ["sample", "weights"], "mixed", ("equation", $"{axes},oc->{axes.Replace('c', 'o')}"))
            .Node("Cast", ["timestep"], "time", ("to", (int)ElementType))
            .Node("Mul", ["time", "thousandth"], "small_time")
            .Node("Reshape", ["small_time", "column"], "time_column")
            .Node("Add", ["mixed", "time_column"], "sum0");
        var sums = 0;
        if (HasText)
        {
            builder.Input("encoder_hidden_states", ElementType, "batch", null, null);
            Add("encoder_hidden_states", [1, 2]);
        }

        foreach (var (name, width) in Extras)
        {
            builder.Input(name, ElementType, "batch", width);
            Add(name, [1]);
        }

        return builder.Node("Identity", [$"sum{sums}"], OutputName).Output(OutputName, ElementType, Shape(LatentChannels)).Save(folder);

        void Add(string name, int[] meanAxes)
        {
            builder.Node("ReduceMean", [name], $"{name}_mean", ("axes", meanAxes), ("keepdims", 1))
                .Node("Reshape", [$"{name}_mean", "column"], $"{name}_column")
                .Node("Add", [$"sum{sums}", $"{name}_column"], $"sum{sums + 1}");
            sums++;
        }
    }
}
