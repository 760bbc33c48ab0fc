using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Sessions;

/// <summary>Copies an output that ONNX Runtime allocated into a float32 tensor.</summary>
internal static class OutputReader
{
    public static FloatTensor Read(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        FloatTensor tensor = new(TensorShape.Create(Array.ConvertAll(info.Shape, size => checked((int)size))));
        var bytes = value.GetTensorMutableRawData();
        switch (info.ElementDataType)
        {
            case TensorElementType.Float:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(tensor.Span);
                break;
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), tensor.Span);
                break;
            case TensorElementType.Double:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), tensor.Span);
                break;
            default:
                throw new NotSupportedException($"An output has element type {info.ElementDataType}; floating-point numbers were expected.");
        }

        return tensor;
    }
}
