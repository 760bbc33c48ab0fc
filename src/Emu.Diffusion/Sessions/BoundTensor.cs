using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Sessions;

/// <summary>A pinned managed array that ONNX Runtime reads or writes in place, with conversions for graphs whose elements are not float32.</summary>
public sealed class BoundTensor : IDisposable
{
    private readonly Array _array;

    internal BoundTensor(string name, TensorElementType elementType, TensorShape shape)
    {
        Name = name;
        ElementType = elementType;
        Shape = shape;
        int count = shape.ElementCount;
        _array = elementType switch
        {
            TensorElementType.Float => GC.AllocateArray<float>(count, pinned: true),
            TensorElementType.Float16 => GC.AllocateArray<Half>(count, pinned: true),
            TensorElementType.Double => GC.AllocateArray<double>(count, pinned: true),
            TensorElementType.Int64 => GC.AllocateArray<long>(count, pinned: true),
            TensorElementType.Int32 => GC.AllocateArray<int>(count, pinned: true),
            TensorElementType.Bool => GC.AllocateArray<byte>(count, pinned: true),
            _ => throw new NotSupportedException($"'{name}' has element type {elementType}; float, float16, double, int64, int32 and bool are supported."),
        };
        Value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            elementType,
            shape.ToInt64Array(),
            Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0),
            (long)count * SizeOf(elementType));
    }

    /// <summary>The graph's name for it.</summary>
    public string Name { get; }

    /// <summary>The graph's element type.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>The shape.</summary>
    public TensorShape Shape { get; }

    /// <summary>The elements themselves if the graph's are float32, else null: what is written here needs no <see cref="Write(int, ReadOnlySpan{float})"/>.</summary>
    public float[]? Floats => _array as float[];

    internal OrtValue Value { get; }

    /// <summary>Writes numbers, converted to the graph's element type, from an element on.</summary>
    public void Write(int offset, ReadOnlySpan<float> values)
    {
        switch (_array)
        {
            case float[] floats:
                values.CopyTo(floats.AsSpan(offset));
                break;
            case Half[] halves:
                TensorPrimitives.ConvertToHalf(values, halves.AsSpan(offset, values.Length));
                break;
            case double[] doubles:
                TensorPrimitives.ConvertTruncating(values, doubles.AsSpan(offset, values.Length));
                break;
            default:
                WriteRounded(offset, values);
                break;
        }
    }

    /// <summary>Writes token ids and other whole numbers, converted to the graph's element type, from an element on.</summary>
    public void Write(int offset, ReadOnlySpan<int> values)
    {
        for (int index = 0; index < values.Length; index++)
        {
            WriteOne(offset + index, values[index]);
        }
    }

    /// <summary>Reads elements from an element on, converted to float32.</summary>
    public void Read(int offset, Span<float> destination)
    {
        switch (_array)
        {
            case float[] floats:
                floats.AsSpan(offset, destination.Length).CopyTo(destination);
                break;
            case Half[] halves:
                TensorPrimitives.ConvertToSingle(halves.AsSpan(offset, destination.Length), destination);
                break;
            case double[] doubles:
                TensorPrimitives.ConvertTruncating(doubles.AsSpan(offset, destination.Length), destination);
                break;
            default:
                throw new NotSupportedException($"'{Name}' has element type {ElementType}; floating-point numbers were expected.");
        }
    }

    /// <summary>The elements from an element on: in place if they are float32, else converted into the given scratch space.</summary>
    public ReadOnlySpan<float> View(int offset, int count, Span<float> scratch)
    {
        if (_array is float[] floats)
        {
            return floats.AsSpan(offset, count);
        }

        Read(offset, scratch[..count]);
        return scratch[..count];
    }

    /// <inheritdoc/>
    public void Dispose() => Value.Dispose();

    private static int SizeOf(TensorElementType elementType) => elementType switch
    {
        TensorElementType.Bool => 1,
        TensorElementType.Float16 => 2,
        TensorElementType.Float or TensorElementType.Int32 => 4,
        _ => 8,
    };

    private void WriteRounded(int offset, ReadOnlySpan<float> values)
    {
        for (int index = 0; index < values.Length; index++)
        {
            WriteOne(offset + index, MathF.Round(values[index]));
        }
    }

    private void WriteOne(int index, float value)
    {
        switch (_array)
        {
            case float[] floats:
                floats[index] = value;
                break;
            case Half[] halves:
                halves[index] = (Half)value;
                break;
            case double[] doubles:
                doubles[index] = value;
                break;
            case long[] longs:
                longs[index] = (long)value;
                break;
            case int[] ints:
                ints[index] = (int)value;
                break;
            default:
                ((byte[])_array)[index] = value != 0 ? (byte)1 : (byte)0;
                break;
        }
    }
}
