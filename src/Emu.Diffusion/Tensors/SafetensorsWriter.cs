using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Emu.Diffusion.Tensors;

/// <summary>Collects named tensors and metadata, then writes them as one safetensors file.</summary>
/// <remarks>As the format's own writer does, tensors stand in order of descending element size, then name, after a header padded
/// with blanks to 8 bytes. The same content gives the same bytes.</remarks>
public sealed class SafetensorsWriter
{
    private readonly SortedDictionary<string, (SafetensorsElementType Type, TensorShape Shape, Memory<byte> Bytes)> _tensors = new(StringComparer.Ordinal);

    /// <summary>Metadata to write.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Adds a tensor as float32, or as float16 (rounded to nearest even).</summary>
    /// <param name="name">Its name, used once.</param>
    /// <param name="tensor">The tensor; not copied for float32, so it must not change before it is written.</param>
    /// <param name="half">Whether to write float16.</param>
    /// <exception cref="ArgumentException">The name is taken or reserved.</exception>
    public SafetensorsWriter Add(string name, FloatTensor tensor, bool half = false)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!half)
        {
            return Add(name, SafetensorsElementType.F32, tensor.Shape, new CastMemoryManager<float>(tensor.Data).Memory);
        }

        var halves = new Half[tensor.Shape.ElementCount];
        TensorPrimitives.ConvertToHalf(tensor.Span, halves);
        return Add(name, SafetensorsElementType.F16, tensor.Shape, new CastMemoryManager<Half>(halves).Memory);
    }

    /// <summary>Adds a tensor of 64-bit integers.</summary>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the number of elements is not the shape's.</exception>
    public SafetensorsWriter Add(string name, TensorShape shape, Memory<long> elements)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return elements.Length == shape.ElementCount
            ? Add(name, SafetensorsElementType.I64, shape, new CastMemoryManager<long>(elements).Memory)
            : throw new ArgumentException($"Shape {shape} has {shape.ElementCount} elements, but {elements.Length} were given.", nameof(elements));
    }

    /// <summary>Writes the file.</summary>
    /// <param name="stream">Where to; not disposed, not flushed.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var ordered = _tensors.OrderByDescending(tensor => SafetensorsHeader.SizeOf(tensor.Value.Type)).ToArray();
        ArrayBufferWriter<byte> header = new();
        header.GetSpan(sizeof(ulong));
        header.Advance(sizeof(ulong));
        using (Utf8JsonWriter json = new(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WriteHeader(json, ordered.Select(tensor => (tensor.Key, tensor.Value.Type, tensor.Value.Shape, tensor.Value.Bytes.Length)));
        }

        var padding = -header.WrittenCount & 7;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);
        var bytes = header.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(bytes.Length - sizeof(ulong)));
        await stream.WriteAsync(bytes, cancellationToken);
        foreach (var (_, tensor) in ordered)
        {
            await stream.WriteAsync(tensor.Bytes, cancellationToken);
        }
    }

    private void WriteHeader(Utf8JsonWriter json, IEnumerable<(string Name, SafetensorsElementType Type, TensorShape Shape, int Length)> tensors)
    {
        json.WriteStartObject();
        if (Metadata.Count > 0)
        {
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        long position = 0;
        foreach (var (name, type, shape, length) in tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", type.ToString());
            json.WriteStartArray("shape");
            foreach (var size in shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(position);
            json.WriteNumberValue(position += length);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private SafetensorsWriter Add(string name, SafetensorsElementType type, TensorShape shape, Memory<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name != "__metadata__" && _tensors.TryAdd(name, (type, shape, bytes))
            ? this
            : throw new ArgumentException($"The tensor name '{name}' is taken or reserved.", nameof(name));
    }
}
