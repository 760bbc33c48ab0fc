using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Graphs;

public sealed class SinglePrecisionGraphTests : IDisposable
{
    private const int Single = 1;
    private const int Half = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_HalfPrecisionGraph_ComputesInSinglePrecision()
    {
        var source = Builder(externalData: false).Save(_folder["half"]);
        var target = _folder["single.onnx"];

        SinglePrecisionGraph.Write(source, target, "y");

        using InferenceSession session = new(target);
        using var result = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(new[] { 1 / 3f, 1000.1f }, [1, 2]))]);
        // The weights are the halves' values; the rest is not rounded to halves any more.
        Assert.Equal([1 / 3f * (float)(System.Half)0.1f, 1000.1f * (float)(System.Half)(-2.7f)], result.Single().AsEnumerable<float>());
    }

    [Fact]
    public void Write_GraphWithTwoOutputs_KeepsOneAndWhatItNeeds()
    {
        var source = Builder(externalData: false).Save(_folder["half"]);
        var target = _folder["single.onnx"];

        SinglePrecisionGraph.Write(source, target, "y");

        Assert.Equal("y float[1, 2]", Assert.Single(ModelGraph.Read(target).Outputs).ToString());
        Assert.Equal(ModelGraph.Read(source).Inputs.Select(input => input.ToString()), ModelGraph.Read(target).Inputs.Select(input => input.ToString()));
        Assert.DoesNotContain("Neg", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Contains("Neg", File.ReadAllText(source), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WeightsInAnotherFile_IsRefused()
    {
        var source = Builder(externalData: true).Save(_folder["half"]);

        var error = Assert.Throws<ModelPackageException>(() => SinglePrecisionGraph.Write(source, _folder["single.onnx"], "y"));

        Assert.Equal(source, error.File);
        Assert.Contains("raw data", error.Message, StringComparison.Ordinal);
    }

    /// <summary>As converters to half precision leave it: numbers are cast at both ends, and the casts are listed last.</summary>
    private static OnnxBuilder Builder(bool externalData) => new OnnxBuilder { ExternalData = externalData }
        .Input("x", TensorElementType.Float, 1, 2)
        .Node("Mul", ["x_half", "weights"], "product")
        .Node("Neg", ["product"], "negative")
        .Node("Cast", ["product"], "y", ("to", Single))
        .Node("Cast", ["negative"], "z", ("to", Single))
        .Node("Cast", ["x"], "x_half", ("to", Half))
        .Constant("weights", TensorElementType.Float16, [1, 2], 0.1f, -2.7f)
        .Output("y", TensorElementType.Float, 1, 2)
        .Output("z", TensorElementType.Float, 1, 2);
}
