using System.Buffers.Binary;
using Emu.Media.Pictures;
using Emu.Media.Recognition;

namespace Emu.Media.Metadata;

/// <summary>Metadata of JPEG: segments before the data, each with a name of its own.</summary>
internal static class JpegMetadata
{
    private const byte App1 = 0xE1;
    private const byte App2 = 0xE2;
    private const byte App13 = 0xED;

    /// <summary>A segment's length counts its own two bytes.</summary>
    private const int MaximumSegment = ushort.MaxValue - 2;

    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    private static ReadOnlySpan<byte> XmpName => "http://ns.adobe.com/xap/1.0/\0"u8;

    private static ReadOnlySpan<byte> IccName => "ICC_PROFILE\0"u8;

    private static ReadOnlySpan<byte> PhotoshopName => "Photoshop 3.0\0"u8;

    /// <summary>Reads the blocks; the first of each kind counts, and the parts of the profile are joined.</summary>
    public static SourceMetadata Read(ReadOnlySpan<byte> file)
    {
        var found = SourceMetadata.None;
        SortedDictionary<int, byte[]> profile = [];
        for (var at = 2; JpegStructure.TryReadMarker(file, ref at, out var marker) && marker != 0xDA && JpegStructure.TryReadSegment(file, ref at, out var segment);)
        {
            if (marker == App1 && segment.StartsWith(ExifName))
            {
                found = found with { Exif = found.Exif ?? segment[ExifName.Length..].ToArray() };
            }
            else if (marker == App1 && segment.StartsWith(XmpName))
            {
                found = found with { Xmp = found.Xmp ?? segment[XmpName.Length..].ToArray() };
            }
            else if (marker == App2 && segment.StartsWith(IccName) && segment.Length > IccName.Length + 2)
            {
                profile.TryAdd(segment[IccName.Length], segment[(IccName.Length + 2)..].ToArray());
            }
            else if (marker == App13 && segment.StartsWith(PhotoshopName))
            {
                found = found with { Iptc = found.Iptc ?? IptcBlock.FromResources(segment[PhotoshopName.Length..]) };
            }
        }
        return profile.Count == 0 ? found : found with { Icc = profile.Values.SelectMany(part => part).ToArray() };
    }

    /// <summary>The file in three parts, the second of which is metadata. What does not fit into a segment is left out.</summary>
    public static (ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Blocks, ReadOnlyMemory<byte> Tail) Join(ReadOnlyMemory<byte> file, SourceMetadata metadata)
    {
        using var blocks = new MemoryStream();
        if (metadata.Exif is { } exif)
        {
            WriteSegment(blocks, App1, ExifName, exif.Span);
        }
        if (metadata.Xmp is { } xmp)
        {
            WriteSegment(blocks, App1, XmpName, xmp.Span);
        }
        if (metadata.Icc is { } icc)
        {
            var size = MaximumSegment - IccName.Length - 2;
            var count = (icc.Length + size - 1) / size;
            for (var i = 0; i < count && count <= byte.MaxValue; i++)
            {
                WriteSegment(blocks, App2, [.. IccName, (byte)(i + 1), (byte)count], icc.Span[(i * size)..Math.Min(icc.Length, (i + 1) * size)]);
            }
        }
        if (metadata.Iptc is { } iptc)
        {
            WriteSegment(blocks, App13, PhotoshopName, IptcBlock.ToResources(iptc.Span));
        }
        // After JFIF's own segment, which is to come first.
        var head = file.Span[3] == 0xE0 ? 4 + BinaryPrimitives.ReadUInt16BigEndian(file.Span[4..]) : 2;
        return (file[..head], blocks.ToArray(), file[head..]);
    }

    private static void WriteSegment(MemoryStream blocks, byte marker, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.Length + data.Length > MaximumSegment)
        {
            return;
        }
        Span<byte> head = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(name.Length + data.Length + 2));
        blocks.Write(head);
        blocks.Write(name);
        blocks.Write(data);
    }
}
