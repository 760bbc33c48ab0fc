using System.Text;
using System.Text.Json;

namespace Emu.Diffusion.Tensors;

/// <summary>
/// Reads the JSON header of a safetensors file and refuses every one that does not index its data exactly: no overlap, no
/// gap, no size that disagrees with its shape, no name twice.
/// Format: https://github.com/huggingface/safetensors#format.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header the format's own reader accepts, 100 MB.</summary>
    public const int MaximumLength = 100_000_000;

    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader()
    {
    }

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The entries in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; private set; } = [];

    /// <summary>The length of all data.</summary>
    public long DataLength => Entries.Count == 0 ? 0 : Entries[^1].End;

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length == 0 || json[0] != (byte)'{')
        {
            throw new SafetensorsException("The safetensors header does not begin with '{'.");
        }

        SafetensorsHeader header = new();
        try
        {
            header.Read(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new SafetensorsException($"The safetensors header is not valid JSON: {exception.Message}", exception);
        }

        header.RequireExactIndex();
        return header;
    }

    private void Read(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 4 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else if (!_entries.TryAdd(name, ReadEntry(ref reader, name)))
            {
                throw new SafetensorsException($"Tensor '{name}' stands twice in the safetensors header.");
            }
        }

        // Reads to the end, so that anything but trailing blanks after the object is an error.
        while (reader.Read())
        {
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject || _metadata.Count > 0)
        {
            throw new SafetensorsException("'__metadata__' must stand once in the safetensors header and be an object of strings.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !_metadata.TryAdd(key, reader.GetString()!))
            {
                throw new SafetensorsException($"Metadata '{key}' must be a string and stand once.");
            }
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new SafetensorsException($"Tensor '{name}' must be described by an object with dtype, shape and data_offsets.");
        }

        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, field);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, field);
                    break;
                default:
                    throw new SafetensorsException($"Tensor '{name}' has an unknown or repeated field '{field}'; there are dtype, shape and data_offsets.");
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end])
        {
            throw new SafetensorsException($"Tensor '{name}' must have dtype, shape and two data_offsets.");
        }

        return CreateEntry(name, type, shape, begin, end);
    }

    private static SafetensorsEntry CreateEntry(string name, string type, List<long> shape, long begin, long end)
    {
        if (!Enum.TryParse(type, out SafetensorsElementType elementType) || !Enum.IsDefined(elementType) || char.IsAsciiDigit(type[0]))
        {
            throw new SafetensorsException($"Tensor '{name}' has element type '{type}'; F32, F16 and I64 are read.");
        }

        try
        {
            var sizes = TensorShape.Create([.. shape.Select(size => checked((int)size))]);
            var length = (long)sizes.ElementCount * SizeOf(elementType);
            return end - begin == length
                ? new SafetensorsEntry(name, elementType, sizes, begin, end)
                : throw new SafetensorsException($"Tensor '{name}' of shape {sizes} and type {type} needs {length} bytes, but its data_offsets [{begin}, {end}] hold {end - begin}.");
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentOutOfRangeException)
        {
            throw new SafetensorsException($"The shape [{string.Join(", ", shape)}] of tensor '{name}' is too large.", exception);
        }
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string field)
    {
        List<long> numbers = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new SafetensorsException($"'{field}' of tensor '{name}' must be an array of whole numbers.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw new SafetensorsException($"'{field}' of tensor '{name}' must hold whole numbers that are not negative and fit into 63 bits.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    public static int SizeOf(SafetensorsElementType type) => type switch
    {
        SafetensorsElementType.F32 => 4,
        SafetensorsElementType.F16 => 2,
        _ => 8,
    };

    private void RequireExactIndex()
    {
        // Empty tensors first where two begin at the same byte, so that they are no overlap.
        Entries = [.. _entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        long position = 0;
        foreach (var entry in Entries)
        {
            if (entry.Begin != position)
            {
                var what = entry.Begin < position ? "overlaps the tensor before it" : "leaves a gap before it";
                throw new SafetensorsException($"Tensor '{entry.Name}' {what}: it begins at byte {entry.Begin}, where {position} was expected.");
            }

            position = entry.End;
        }
    }
}
