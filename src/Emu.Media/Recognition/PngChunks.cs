using System.Buffers.Binary;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace Emu.Media.Recognition;

/// <summary>Goes through the chunks of a PNG (ISO/IEC 15948) as far as they are whole.</summary>
/// <param name="file">The file, from its signature on.</param>
internal ref struct PngChunks(ReadOnlySpan<byte> file)
{
    /// <summary>Bytes of a chunk beside its data: length, type, checksum.</summary>
    public const int Overhead = 12;

    private readonly ReadOnlySpan<byte> _file = file;

    /// <summary>Where the next chunk begins.</summary>
    public int Position { get; private set; } = SignatureLength;

    /// <summary>Length of the signature.</summary>
    public const int SignatureLength = 8;

    /// <summary>The chunk's type.</summary>
    public ReadOnlySpan<byte> Type { get; private set; }

    /// <summary>The chunk's data.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Goes on to the next chunk.</summary>
    /// <returns>False where the file ends, also within a chunk.</returns>
    public bool MoveNext()
    {
        var rest = _file[Math.Min(Position, _file.Length)..];
        if (rest.Length < Overhead || BinaryPrimitives.ReadUInt32BigEndian(rest) > rest.Length - Overhead)
        {
            return false;
        }
        var length = (int)BinaryPrimitives.ReadUInt32BigEndian(rest);
        Type = rest.Slice(4, 4);
        Data = rest.Slice(8, length);
        Position += length + Overhead;
        return true;
    }

    /// <summary>The EXIF data of a PNG, or null.</summary>
    public static ExifProfile? Exif(ReadOnlySpan<byte> file) => Find(file, "eXIf"u8) is { IsEmpty: false } data ? new ExifProfile(data.ToArray()) : null;

    /// <summary>The data of the first chunk of a type; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        var chunks = new PngChunks(file);
        while (chunks.MoveNext())
        {
            if (chunks.Type.SequenceEqual(type))
            {
                return chunks.Data;
            }
        }
        return default;
    }
}
