using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Metadata;

/// <summary>Metadata of WebP (RFC 9649): the chunks ICCP, EXIF and XMP of a file that begins with VP8X.</summary>
internal static class WebPMetadata
{
    private const int ChunkHead = 8;
    private const int RiffHead = 12;
    private const byte IccFlag = 0x20;
    private const byte AlphaFlag = 0x10;
    private const byte ExifFlag = 0x08;
    private const byte XmpFlag = 0x04;

    /// <summary>Reads the blocks; the first of each kind counts.</summary>
    public static SourceMetadata Read(ReadOnlySpan<byte> file)
    {
        var found = SourceMetadata.None;
        for (var at = RiffHead; TryReadChunk(file, at, out var type, out var data); at += ChunkHead + ((data.Length + 1) & ~1))
        {
            if (type.SequenceEqual("ICCP"u8))
            {
                found = found with { Icc = found.Icc ?? data.ToArray() };
            }
            else if (type.SequenceEqual("EXIF"u8))
            {
                // Some writers put JPEG's name before it.
                found = found with { Exif = found.Exif ?? (data.StartsWith("Exif\0\0"u8) ? data[6..] : data).ToArray() };
            }
            else if (type.SequenceEqual("XMP "u8))
            {
                found = found with { Xmp = found.Xmp ?? data.ToArray() };
            }
        }
        return found;
    }

    /// <summary>The file in three parts. WebP has no place for IPTC.</summary>
    public static (ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Blocks, ReadOnlyMemory<byte> Tail) Join(ReadOnlyMemory<byte> file, SourceMetadata metadata)
    {
        if (metadata is { Icc: null, Exif: null, Xmp: null })
        {
            return (file, default, default);
        }
        using var image = new MemoryStream(file.Length);
        byte[] extended = [];
        var flags = (byte)((metadata.Icc is null ? 0 : IccFlag) | (metadata.Exif is null ? 0 : ExifFlag) | (metadata.Xmp is null ? 0 : XmpFlag));
        for (var at = RiffHead; TryReadChunk(file.Span, at, out var type, out var data); at += ChunkHead + ((data.Length + 1) & ~1))
        {
            if (type.SequenceEqual("VP8X"u8))
            {
                extended = data.ToArray();
                continue;
            }
            if (extended.Length == 0)
            {
                extended = Canvas(type, data);
            }
            WriteChunk(image, type, data);
        }
        extended[0] = (byte)((extended[0] & AlphaFlag) | flags);
        using var head = new MemoryStream();
        WriteChunk(head, "VP8X"u8, extended);
        WriteChunk(head, "ICCP"u8, metadata.Icc.GetValueOrDefault().Span);
        using var tail = new MemoryStream();
        WriteChunk(tail, "EXIF"u8, metadata.Exif.GetValueOrDefault().Span);
        WriteChunk(tail, "XMP "u8, metadata.Xmp.GetValueOrDefault().Span);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(4 + head.Length + image.Length + tail.Length));
        byte[] start = [.. "RIFF"u8, .. length, .. "WEBP"u8, .. head.ToArray()];
        return (start, image.GetBuffer().AsMemory(0, (int)image.Length), tail.ToArray());
    }

    /// <summary>The extended header of a simple file: whether it has alpha, and its size less 1.</summary>
    private static byte[] Canvas(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        // Lossless: 14 bits of width, 14 of height, one of alpha behind a signature; lossy: 14 bits each behind a start code.
        var lossless = type.SequenceEqual("VP8L"u8);
        var bits = lossless ? BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) : 0;
        var width = lossless ? (int)(bits & 0x3FFF) : (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF) - 1;
        var height = lossless ? (int)((bits >> 14) & 0x3FFF) : (BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF) - 1;
        var alpha = (bits >> 28 & 1) != 0 ? AlphaFlag : (byte)0;
        return [alpha, 0, 0, 0, (byte)width, (byte)(width >> 8), 0, (byte)height, (byte)(height >> 8), 0];
    }

    private static bool TryReadChunk(ReadOnlySpan<byte> file, int at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
    {
        type = default;
        data = default;
        if (at > file.Length - ChunkHead || BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]) is var length && length > file.Length - at - ChunkHead)
        {
            return false;
        }
        type = file.Slice(at, 4);
        data = file.Slice(at + ChunkHead, (int)length);
        return true;
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }
        Span<byte> head = stackalloc byte[ChunkHead];
        type.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], data.Length);
        file.Write(head);
        file.Write(data);
        if ((data.Length & 1) != 0)
        {
            file.WriteByte(0);
        }
    }
}
