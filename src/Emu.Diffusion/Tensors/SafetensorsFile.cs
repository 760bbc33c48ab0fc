using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Emu.Diffusion.Tensors;

/// <summary>The content of a safetensors file: named tensors and text metadata.</summary>
/// <remarks>The format is little-endian, as is every processor that ONNX Runtime runs on; bytes are read straight into the arrays.</remarks>
public sealed class SafetensorsFile
{
    /// <summary>The most data read unless told otherwise, 2 GiB.</summary>
    public const long DefaultMaximumBytes = 2L << 30;

    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly Dictionary<string, Array> _data;

    private SafetensorsFile(SafetensorsHeader header, Dictionary<string, Array> data)
    {
        Metadata = header.Metadata;
        _entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        _data = data;
    }

    /// <summary>The metadata, empty if the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What the header says of every tensor, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <summary>Reads a whole file from a stream, which must end with it.</summary>
    /// <param name="stream">The stream; not disposed.</param>
    /// <param name="maximumBytes">The most data to accept, so that a hostile header cannot claim all memory.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="SafetensorsException">The file is malformed, truncated, too long, or has an element type that is not read.</exception>
    public static async Task<SafetensorsFile> ReadAsync(Stream stream, long maximumBytes = DefaultMaximumBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = await ReadHeaderAsync(stream, cancellationToken);
        if (header.DataLength > maximumBytes)
        {
            throw new SafetensorsException($"The safetensors file says it holds {header.DataLength} bytes of data; at most {maximumBytes} are accepted.");
        }

        if (stream.CanSeek && stream.Length - stream.Position != header.DataLength)
        {
            throw new SafetensorsException($"The safetensors file should hold {header.DataLength} bytes of data, but {stream.Length - stream.Position} follow the header.");
        }

        Dictionary<string, Array> data = new(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            data.Add(entry.Name, await ReadDataAsync(stream, entry, cancellationToken));
        }

        return await stream.ReadAsync(new byte[1], cancellationToken) == 0
            ? new SafetensorsFile(header, data)
            : throw new SafetensorsException($"The safetensors file goes on after its {header.DataLength} bytes of data.");
    }

    /// <summary>Reads a whole file.</summary>
    /// <inheritdoc cref="ReadAsync(Stream, long, CancellationToken)"/>
    public static async Task<SafetensorsFile> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        await using (stream)
        {
            return await ReadAsync(stream, DefaultMaximumBytes, cancellationToken);
        }
    }

    /// <summary>A tensor of floating-point elements (F32, or F16 widened).</summary>
    /// <exception cref="SafetensorsException">There is no such tensor, or it is of another type.</exception>
    public FloatTensor GetFloats(string name)
    {
        var entry = GetEntry(name);
        switch (_data[name])
        {
            case float[] floats:
                return new FloatTensor(entry.Shape, floats);
            case Half[] halves:
                FloatTensor tensor = new(entry.Shape);
                TensorPrimitives.ConvertToSingle(halves, tensor.Span);
                return tensor;
            default:
                throw new SafetensorsException($"Tensor '{name}' is of type {entry.ElementType}; F32 or F16 was expected.");
        }
    }

    /// <summary>A tensor of 64-bit integers, in row-major order.</summary>
    /// <exception cref="SafetensorsException">There is no such tensor, or it is of another type.</exception>
    public ReadOnlyMemory<long> GetInt64s(string name) => _data[GetEntry(name).Name] is long[] numbers
        ? numbers
        : throw new SafetensorsException($"Tensor '{name}' is of type {_entries[name].ElementType}; I64 was expected.");

    private SafetensorsEntry GetEntry(string name) => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new SafetensorsException($"There is no tensor '{name}'; there are: {string.Join(", ", _entries.Keys.Order(StringComparer.Ordinal))}.");

    private static async Task<SafetensorsHeader> ReadHeaderAsync(Stream stream, CancellationToken cancellationToken)
    {
        var prefix = new byte[sizeof(ulong)];
        await FillAsync(stream, prefix, "its length", cancellationToken);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > SafetensorsHeader.MaximumLength)
        {
            throw new SafetensorsException($"The safetensors header is said to be {length} bytes long; 2 to {SafetensorsHeader.MaximumLength} are accepted.");
        }

        if (stream.CanSeek && stream.Length - stream.Position < (long)length)
        {
            throw new SafetensorsException($"The safetensors header is said to be {length} bytes long, but only {stream.Length - stream.Position} follow.");
        }

        var json = new byte[(int)length];
        await FillAsync(stream, json, "the header", cancellationToken);
        return SafetensorsHeader.Parse(json);
    }

    private static async Task<Array> ReadDataAsync(Stream stream, SafetensorsEntry entry, CancellationToken cancellationToken)
    {
        var what = $"tensor '{entry.Name}'";
        var count = entry.Shape.ElementCount;
        switch (entry.ElementType)
        {
            case SafetensorsElementType.F32:
                var floats = GC.AllocateUninitializedArray<float>(count);
                await FillAsync(stream, new CastMemoryManager<float>(floats).Memory, what, cancellationToken);
                return floats;
            case SafetensorsElementType.F16:
                var halves = GC.AllocateUninitializedArray<Half>(count);
                await FillAsync(stream, new CastMemoryManager<Half>(halves).Memory, what, cancellationToken);
                return halves;
            default:
                var numbers = GC.AllocateUninitializedArray<long>(count);
                await FillAsync(stream, new CastMemoryManager<long>(numbers).Memory, what, cancellationToken);
                return numbers;
        }
    }

    private static async Task FillAsync(Stream stream, Memory<byte> buffer, string what, CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < buffer.Length)
        {
            throw new SafetensorsException($"The safetensors file ends within {what}: {read} of {buffer.Length} bytes are there.");
        }
    }
}

/// <summary>The element types of safetensors files that are read and written here.</summary>
public enum SafetensorsElementType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary16; read into float32.</summary>
    F16,

    /// <summary>Signed 64-bit integers.</summary>
    I64,
}

/// <summary>What a safetensors header says of one tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="ElementType">The element type in the file.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where its bytes end.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsElementType ElementType, TensorShape Shape, long Begin, long End);

/// <summary>A safetensors file is malformed, or holds what is not read here; the message says where.</summary>
public sealed class SafetensorsException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The bytes of an array of numbers as memory, so that streams read and write tensors without a buffer between.</summary>
internal sealed class CastMemoryManager<T>(Memory<T> memory) : MemoryManager<byte>
    where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(memory.Span);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = memory.Pin();
        unsafe
        {
            return new MemoryHandle((byte*)handle.Pointer + elementIndex, default, new PinnedMemory(handle));
        }
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class PinnedMemory(MemoryHandle handle) : IPinnable
    {
        public MemoryHandle Pin(int elementIndex) => throw new NotSupportedException("Already pinned.");

        public void Unpin() => handle.Dispose();
    }
}
