using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Sessions;

/// <summary>Pinned managed memory that ONNX Runtime reads or writes in place, with conversions for graphs whose elements are not float32.</summary>
public sealed class BoundTensor : IDisposable
{
    /// <summary>
    /// As ONNX Runtime's own buffers are aligned. Some of its kernels sum what comes before the first aligned element apart, so
    /// that another alignment could mean other bits.
    /// </summary>
    private const int Alignment = 64;

    private readonly IElements _elements;

    internal BoundTensor(string name, TensorElementType elementType, TensorShape shape)
    {
        Name = name;
        ElementType = elementType;
        Shape = shape;
        var count = shape.ElementCount;
        _elements = elementType switch
        {
            TensorElementType.Float => new Elements<float>(count),
            TensorElementType.Float16 => new Elements<Half>(count),
            TensorElementType.Double => new Elements<double>(count),
            TensorElementType.Int64 => new Elements<long>(count),
            TensorElementType.Int32 => new Elements<int>(count),
            TensorElementType.Bool => new Elements<byte>(count),
            _ => throw new NotSupportedException($"'{name}' has element type {elementType}; float, float16, double, int64, int32 and bool are supported."),
        };
        Value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, elementType, shape.ToInt64Array(), _elements.Address, _elements.ByteLength);
    }

    private interface IElements
    {
        nint Address { get; }

        long ByteLength { get; }

        void Write(int offset, ReadOnlySpan<float> values);

        void Write(int offset, ReadOnlySpan<int> values);

        void Read(int offset, Span<float> destination);
    }

    /// <summary>The graph's name for it.</summary>
    public string Name { get; }

    /// <summary>The graph's element type.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>The shape.</summary>
    public TensorShape Shape { get; }

    /// <summary>The elements themselves if the graph's are float32, else null: what is written here needs no <see cref="Write(int, ReadOnlySpan{float})"/>.</summary>
    public Memory<float>? Floats => _elements is Elements<float> floats ? floats.Memory : (Memory<float>?)null;

    internal OrtValue Value { get; }

    /// <summary>Writes numbers, converted to the graph's element type (whole numbers by rounding), from an element on.</summary>
    public void Write(int offset, ReadOnlySpan<float> values) => _elements.Write(offset, values);

    /// <summary>Writes token ids and other whole numbers, converted to the graph's element type, from an element on.</summary>
    public void Write(int offset, ReadOnlySpan<int> values) => _elements.Write(offset, values);

    /// <summary>Reads elements from an element on, converted to float32.</summary>
    public void Read(int offset, Span<float> destination) => _elements.Read(offset, destination);

    /// <summary>The elements from an element on: in place if they are float32, else converted into the given scratch space.</summary>
    public ReadOnlySpan<float> View(int offset, int count, Span<float> scratch)
    {
        if (_elements is Elements<float> floats)
        {
            return floats.Memory.Span.Slice(offset, count);
        }

        Read(offset, scratch[..count]);
        return scratch[..count];
    }

    /// <inheritdoc/>
    public void Dispose() => Value.Dispose();

    private sealed class Elements<T> : IElements
        where T : unmanaged, INumber<T>
    {
        public unsafe Elements(int count)
        {
            // Pinned, so that the aligned place found now stays aligned.
            var array = GC.AllocateArray<T>(count + (Alignment / sizeof(T)), pinned: true);
            var start = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
            var padding = (int)(-start & (Alignment - 1)) / sizeof(T);
            Memory = array.AsMemory(padding, count);
            Address = start + (padding * sizeof(T));
            ByteLength = (long)count * sizeof(T);
        }

        public Memory<T> Memory { get; }

        public nint Address { get; }

        public long ByteLength { get; }

        public void Write(int offset, ReadOnlySpan<float> values)
        {
            var destination = Memory.Span.Slice(offset, values.Length);
            if (typeof(T) == typeof(float))
            {
                values.CopyTo(MemoryMarshal.Cast<T, float>(destination));
            }
            else if (typeof(T) == typeof(Half))
            {
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<T, Half>(destination));
            }
            else
            {
                var whole = typeof(T) != typeof(double);
                for (var index = 0; index < values.Length; index++)
                {
                    destination[index] = T.CreateSaturating(whole ? MathF.Round(values[index]) : values[index]);
                }
            }
        }

        public void Write(int offset, ReadOnlySpan<int> values) => TensorPrimitives.ConvertSaturating(values, Memory.Span.Slice(offset, values.Length));

        public void Read(int offset, Span<float> destination)
        {
            ReadOnlySpan<T> source = Memory.Span.Slice(offset, destination.Length);
            if (typeof(T) == typeof(Half))
            {
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<T, Half>(source), destination);
            }
            else
            {
                TensorPrimitives.ConvertSaturating(source, destination);
            }
        }
    }
}
