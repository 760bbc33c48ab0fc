using System.Globalization;
using System.IO.Compression;
using System.Text;
using Emu.Media.ColorManagement;
using Emu.Media.Pictures;
using Emu.Media.Recognition;

namespace Emu.Media.Metadata;

/// <summary>
/// Metadata of PNG (ISO/IEC 15948): iCCP, eXIf, XMP as iTXt; IPTC, for which PNG has no chunk, as the text
/// <c>Raw profile type iptc</c> that ImageMagick writes and others read.
/// </summary>
internal static class PngMetadata
{
    private static ReadOnlySpan<byte> XmpKeyword => "XML:com.adobe.xmp\0"u8;

    private static ReadOnlySpan<byte> IptcKeyword => "Raw profile type iptc\0"u8;

    /// <summary>Reads the blocks; the first of each kind counts.</summary>
    public static SourceMetadata Read(ReadOnlySpan<byte> file)
    {
        var found = SourceMetadata.None;
        List<byte> colors = [];
        var chunks = new PngChunks(file);
        for (var start = chunks.Position; chunks.MoveNext(); start = chunks.Position)
        {
            if (chunks.Type.SequenceEqual("iCCP"u8))
            {
                found = found with { Icc = found.Icc ?? Block(PngColorSpace.Inflate(chunks.Data)) };
            }
            else if (chunks.Type.SequenceEqual("eXIf"u8))
            {
                found = found with { Exif = found.Exif ?? Block(chunks.Data) };
            }
            else if (chunks.Type.SequenceEqual("iTXt"u8) && chunks.Data.StartsWith(XmpKeyword))
            {
                found = found with { Xmp = found.Xmp ?? Block(InternationalText(chunks.Data[XmpKeyword.Length..])) };
            }
            else if (chunks.Data.StartsWith(IptcKeyword) && (chunks.Type.SequenceEqual("zTXt"u8) || chunks.Type.SequenceEqual("tEXt"u8)))
            {
                var text = chunks.Data[IptcKeyword.Length..];
                found = found with { Iptc = found.Iptc ?? RawProfile(chunks.Type[0] == (byte)'t' || text.IsEmpty ? text : BoundedInflate.Read(text[1..], MetadataBlocks.MaximumUnpackedBytes)) };
            }
            else if (chunks.Type.SequenceEqual("gAMA"u8) || chunks.Type.SequenceEqual("cHRM"u8) || chunks.Type.SequenceEqual("sRGB"u8) || chunks.Type.SequenceEqual("cICP"u8))
            {
                colors.AddRange(file[start..chunks.Position]);
            }
        }
        return found.Icc is null ? found with { PngColors = colors.ToArray() } : found;
    }

    /// <summary>Metadata as chunks.</summary>
    public static byte[] Blocks(SourceMetadata metadata)
    {
        using var blocks = new MemoryStream();
        blocks.Write(metadata.PngColors.Span);
        if (metadata.Icc is { } icc)
        {
            blocks.Write(PngStructure.Chunk("iCCP"u8, [.. "ICC profile\0\0"u8, .. Deflate(icc.Span)]));
        }
        if (metadata.Exif is { } exif)
        {
            blocks.Write(PngStructure.Chunk("eXIf"u8, exif.Span));
        }
        if (metadata.Xmp is { } xmp)
        {
            blocks.Write(PngStructure.Chunk("iTXt"u8, [.. XmpKeyword, 0, 0, 0, 0, .. xmp.Span]));
        }
        if (metadata.Iptc is { } iptc)
        {
            var resources = IptcBlock.ToResources(iptc.Span);
            var text = $"\niptc\n{resources.Length,8}\n{string.Join('\n', Convert.ToHexStringLower(resources).Chunk(72).Select(line => new string(line)))}\n";
            blocks.Write(PngStructure.Chunk("zTXt"u8, [.. IptcKeyword, 0, .. Deflate(Encoding.ASCII.GetBytes(text))]));
        }
        return blocks.ToArray();
    }

    private static ReadOnlyMemory<byte>? Block(ReadOnlySpan<byte> data) => data.IsEmpty ? null : data.ToArray();

    /// <summary>Whether compressed, method, language, 0, keyword in it, 0, text.</summary>
    private static byte[] InternationalText(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
        {
            return [];
        }
        var text = data[2..];
        for (var i = 0; i < 2; i++)
        {
            text = text.IndexOf((byte)0) is >= 0 and var end ? text[(end + 1)..] : default;
        }
        return data[0] == 0 ? text.ToArray() : BoundedInflate.Read(text, MetadataBlocks.MaximumUnpackedBytes);
    }

    /// <summary>A line break, the profile's name, its length, then its bytes in hexadecimal digits.</summary>
    private static byte[]? RawProfile(ReadOnlySpan<byte> text)
    {
        var lines = Encoding.Latin1.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 3 || !int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return null;
        }
        var digits = string.Concat(lines[2..]);
        return digits.Length == length * 2L && digits.All(char.IsAsciiHexDigit) ? IptcBlock.FromResources(Convert.FromHexString(digits)) : null;
    }

    private static byte[] Deflate(ReadOnlySpan<byte> data)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(data);
        }
        return compressed.ToArray();
    }
}
