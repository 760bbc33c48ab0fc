using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Sessions;

public sealed class Int8VariantTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ComputePrecision.Auto)]
    [InlineData(ComputePrecision.Full)]
    public void Acquire_GraphWithAnInt8Variant_ComputesWhatThePrecisionAndTheProcessorSay(ComputePrecision precision)
    {
        Save("model.onnx", "Add", 1);
        Save("model_int8.onnx", "Mul", 1);
        using SessionCache sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1, Precision = precision });
        using var lease = sessions.Acquire(ModelGraph.ReadWithVariant(_folder["unet", "model.onnx"]));

        var result = lease.Session.Run([new GraphInput("x", new FloatTensor([1], new[] { 5f }))], ["y"])[0].Span[0];

        Assert.Equal(sessions.PrefersInt8 ? 25 : 10, result);
        Assert.False(precision == ComputePrecision.Full && sessions.PrefersInt8);
    }

    [Fact]
    public void Acquire_GraphWithoutAVariant_ComputesIt()
    {
        Save("model.onnx", "Add", 1);
        using SessionCache sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1 });
        using var lease = sessions.Acquire(ModelGraph.ReadWithVariant(_folder["unet", "model.onnx"]));

        Assert.Equal(10, lease.Session.Run([new GraphInput("x", new FloatTensor([1], new[] { 5f }))], ["y"])[0].Span[0]);
    }

    [Fact]
    public void ReadWithVariant_VariantThatTakesSomethingElse_IsRefusedByName()
    {
        Save("model.onnx", "Add", 1);
        Save("model_int8.onnx", "Add", 2);

        var exception = Assert.Throws<ModelPackageException>(() => ModelGraph.ReadWithVariant(_folder["unet", "model.onnx"]));

        Assert.Equal("model_int8.onnx", Path.GetFileName(exception.File));
        Assert.Contains("expected", exception.Message, StringComparison.Ordinal);
    }

    private void Save(string file, string operation, int length)
    {
        var path = new OnnxBuilder()
            .Input("x", TensorElementType.Float, length)
            .Node(operation, ["x", "x"], "y")
            .Output("y", TensorElementType.Float, length)
            .Save(_folder["made"]);
        Directory.CreateDirectory(_folder["unet"]);
        File.Move(path, Path.Combine(_folder["unet"], file));
    }
}
