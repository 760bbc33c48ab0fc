using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Emu.Media.Tests.Support;

/// <summary>Puts picture files together, also such as no encoder would write.</summary>
internal static class PictureFiles
{
    public static byte[] PngSignature { get; } = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A PNG chunk with a right checksum.</summary>
    public static byte[] Chunk(string type, params byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. BigEndian((uint)data.Length), .. body, .. BigEndian(Crc32.HashToUInt32(body))];
    }

    public static byte[] PngHeader(uint width, uint height, byte depth = 8, byte color = 2, byte interlace = 0) =>
        Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), depth, color, 0, 0, interlace]);

    /// <summary>A PNG that says one size and holds <paramref name="rows"/> rows of it in RGB.</summary>
    public static byte[] Png(uint width, uint height, int rows, byte interlace = 0)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var y = 0; y < rows; y++)
            {
                zlib.Write(new byte[1 + (width * 3)]);
            }
        }
        return [.. PngSignature, .. PngHeader(width, height, interlace: interlace), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND")];
    }

    /// <summary>A PNG of one row.</summary>
    /// <param name="depth">Bits a sample.</param>
    /// <param name="color">The colour type: 0, 2 or 6.</param>
    /// <param name="row">The samples.</param>
    /// <param name="before">Chunks before the data.</param>
    public static byte[] Png(byte depth, byte color, byte[] row, params byte[] before)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write([0, .. row]);
        }
        var channels = color switch { 2 => 3, 6 => 4, _ => 1 };
        return [.. PngSignature, .. PngHeader((uint)(row.Length * 8 / depth / channels), 1, depth, color), .. before, .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND")];
    }

    /// <summary>EXIF data with one tag.</summary>
    public static byte[] Exif(int orientation, bool littleEndian) => littleEndian
        ? [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
        : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    public static byte[] JpegWithExif(byte[] jpeg, byte[] exif)
    {
        var length = exif.Length + 8;
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. exif, .. jpeg[2..]];
    }

    public static byte[] PngWithExif(byte[] png, byte[] exif) => [.. png[..33], .. Chunk("eXIf", exif), .. png[33..]];

    /// <summary>A WebP, simple or extended, with EXIF.</summary>
    public static byte[] WebPWithExif(byte[] webp, int width, int height, byte[] exif)
    {
        var extended = webp.AsSpan(12).StartsWith("VP8X"u8);
        var flags = extended ? (byte)(webp[20] | 0x08) : (byte)0x08;
        byte[] canvas = [flags, 0, 0, 0, (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0];
        return Riff([.. RiffChunk("VP8X", canvas), .. webp[(extended ? 30 : 12)..], .. RiffChunk("EXIF", exif)]);
    }

    public static byte[] Riff(byte[] chunks) => [.. "RIFF"u8, .. LittleEndian((uint)chunks.Length + 4), .. "WEBP"u8, .. chunks];

    public static byte[] RiffChunk(string type, byte[] data) => [.. Encoding.ASCII.GetBytes(type), .. LittleEndian((uint)data.Length), .. data, .. new byte[data.Length & 1]];

    public static byte[] Zip()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("evil.class").Open();
            entry.Write(new byte[100]);
        }
        return stream.ToArray();
    }

    public static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] LittleEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
