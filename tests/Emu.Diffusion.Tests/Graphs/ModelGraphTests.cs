using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Graphs;

public sealed class ModelGraphTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text_encoder", "model.onnx")]
    [InlineData("unet", "model.onnx")]
    [InlineData("unet", "clip.onnx")]
    [InlineData("vae_encoder", "model.onnx")]
    [InlineData("vae_decoder", "model.onnx")]
    public void Read_ShippedGraph_SaysWhatOnnxRuntimeSays(string name, string file)
    {
        var path = Path.Combine(RepositoryFiles.StickerModel, name, file);
        var graph = ModelGraph.Read(path);
        using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        using InferenceSession session = new(path, options);

        Assert.Equal(name, graph.Name);
        Assert.Equal(Describe(session.InputMetadata), graph.Inputs.Select(DescribeOne));

        // ONNX Runtime goes on to infer sizes that an output's declaration leaves open.
        Assert.Equal(
            session.OutputMetadata.Select(value => (value.Key, value.Value.ElementDataType, value.Value.Dimensions.Length)),
            graph.Outputs.Select(value => (value.Name, value.ElementType, value.Rank!.Value)));

        static string DescribeOne(GraphValue value) => $"{value.Name} {value.ElementType} {string.Join(",", value.Dimensions!.Select(axis => axis.Size?.ToString() ?? $"-1{axis.Symbol}"))}";
    }

    [Fact]
    public void Read_EveryTruncation_IsRefusedByName()
    {
        var whole = new MiniDenoiser().Save(_folder["unet"]);
        var bytes = File.ReadAllBytes(whole);
        var cut = _folder["model.onnx"];
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(cut, bytes[..length]);

            Assert.Equal(cut, Assert.Throws<ModelPackageException>(() => ModelGraph.Read(cut)).File);
        }
    }

    [Fact]
    public void Read_NotAGraph_IsRefused()
    {
        File.WriteAllText(_folder["model.onnx"], "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 123\n");

        Assert.Throws<ModelPackageException>(() => ModelGraph.Read(_folder["model.onnx"]));
    }

    [Fact]
    public void Read_WeightsBesideTheGraph_AreCountedAndRequiredWhole()
    {
        var path = new MiniDenoiser { ExternalData = true }.Save(_folder["unet"]);
        var data = path + "_data";
        var graph = ModelGraph.Read(path);

        Assert.Equal([data], graph.ExternalFiles);
        Assert.Equal(new FileInfo(path).Length + new FileInfo(data).Length, graph.FileBytes);

        File.WriteAllBytes(data, File.ReadAllBytes(data)[..^1]);
        Assert.Contains("truncated", Assert.Throws<ModelPackageException>(() => ModelGraph.Read(path)).Message, StringComparison.Ordinal);
        File.Delete(data);
        Assert.Equal(data, Assert.Throws<ModelPackageException>(() => ModelGraph.Read(path)).File);
    }

    [Fact]
    public void Read_WeightsOutsideTheFolder_AreRefused()
    {
        var path = new MiniDenoiser { ExternalData = true }.Save(_folder["unet"]);
        var bytes = File.ReadAllBytes(path);
        var name = "model.onnx_data"u8.ToArray();
        for (int at; (at = bytes.AsSpan().IndexOf(name)) >= 0;)
        {
            "../x/.onnx_data"u8.CopyTo(bytes.AsSpan(at));
        }

        File.WriteAllBytes(path, bytes);

        Assert.Contains("outside", Assert.Throws<ModelPackageException>(() => ModelGraph.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InitializersAmongInputs_AreNoInputs()
    {
        // Old exporters list weights as inputs too.
        var path = new OnnxBuilder()
            .Input("x", TensorElementType.Float, 1)
            .Input("w", TensorElementType.Float, 1)
            .Constant("w", TensorElementType.Float, [1], 2)
            .Node("Mul", ["x", "w"], "y")
            .Output("y", TensorElementType.Float, 1)
            .Save(_folder.Path);

        Assert.Equal(["x"], ModelGraph.Read(path).Inputs.Select(input => input.Name));
    }

    private static IEnumerable<string> Describe(IReadOnlyDictionary<string, NodeMetadata> metadata)
        => metadata.Select(value => $"{value.Key} {value.Value.ElementDataType} {string.Join(",", value.Value.Dimensions.Select((size, axis) => $"{size}{(size < 0 ? value.Value.SymbolicDimensions[axis] : "")}"))}");
}
