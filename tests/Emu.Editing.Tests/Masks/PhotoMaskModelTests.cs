using Emu.Diffusion.Tests;
using Emu.Diffusion.Tests.Onnx;
using Emu.Editing.Masks;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Editing.Tests.Masks;

public sealed class PhotoMaskModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadSinglePrecisionGraph_FirstTime_IsWrittenBesideTheModel()
    {
        var model = Model("mask");

        var graph = model.ReadSinglePrecisionGraph();

        Assert.Equal(["mask"], graph.Outputs.Select(output => output.Name));
        Assert.Equal(new[] { graph.Path, model.GraphPath }.Order(StringComparer.Ordinal), Directory.GetFiles(model.Folder).Order(StringComparer.Ordinal));
        Assert.NotEqual(model.GraphPath, graph.Path);
    }

    [Fact]
    public void ReadSinglePrecisionGraph_SecondTime_IsNotWrittenAgain()
    {
        var model = Model("mask");
        var written = File.GetLastWriteTimeUtc(model.ReadSinglePrecisionGraph().Path);

        var graph = model.ReadSinglePrecisionGraph();

        Assert.Equal(written, File.GetLastWriteTimeUtc(graph.Path));
    }

    [Fact]
    public void ReadSinglePrecisionGraph_OfAModelThatWasReplaced_IsWrittenAgain()
    {
        var copied = Model("mask").ReadSinglePrecisionGraph().Path;
        var model = Model("other_mask");
        File.SetLastWriteTimeUtc(model.GraphPath, File.GetLastWriteTimeUtc(copied).AddSeconds(5));

        var graph = model.ReadSinglePrecisionGraph();

        Assert.Equal(["other_mask"], graph.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void ReadSinglePrecisionGraph_WhereNoFileCanBeWritten_IsTheModel()
    {
        var model = Model("mask");
        var copied = model.ReadSinglePrecisionGraph().Path;
        File.Delete(copied);
        Directory.CreateDirectory(copied);

        var graph = model.ReadSinglePrecisionGraph();

        Assert.Equal(model.GraphPath, graph.Path);
        Assert.Equal([model.GraphPath], Directory.GetFiles(model.Folder));
    }

    private PhotoMaskModel Model(string output)
    {
        var folder = _folder["photo-mask"];
        new OnnxBuilder()
            .Input("x", TensorElementType.Float, 1, 2)
            .Constant("weights", TensorElementType.Float16, [1, 2], 0.5f, 2)
            .Node("Cast", ["x"], "half", ("to", 10))
            .Node("Mul", ["half", "weights"], "product")
            .Node("Cast", ["product"], output, ("to", 1))
            .Output(output, TensorElementType.Float, 1, 2)
            .Save(folder);
        return new PhotoMaskModel(folder);
    }
}
