using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>
/// BMP: file header, one of the known information headers, pixels where the file header says. ImageSharp takes any text that
/// begins with "BM" for one, leaves missing rows black, and takes the unused bytes of 32-bit pixels for alpha.
/// </summary>
internal static class BmpStructure
{
    private const int FileHeader = 14;
    private const uint CoreHeader = 12;

    /// <summary>"BM" alone begins many a text; the information header's size must fit as well.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> file) =>
        file.Length >= FileHeader + 4 && file.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeader..]) is CoreHeader or 40 or 52 or 56 or 64 or 108 or 124;

    /// <summary>Whether every fourth byte of the pixels means nothing: 32 bits a pixel, and no masks that say otherwise.</summary>
    public static bool HasUnusedBytes(ReadOnlySpan<byte> file) =>
        BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeader..]) != CoreHeader
        && BinaryPrimitives.ReadUInt16LittleEndian(file[(FileHeader + 14)..]) == 32
        && BinaryPrimitives.ReadUInt32LittleEndian(file[(FileHeader + 16)..]) == 0;

    public static PictureExtent Read(ReadOnlySpan<byte> file)
    {
        var headerSize = BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeader..]);
        if (file.Length < FileHeader + headerSize)
        {
            throw InvalidPictureException.Truncated(PictureFormat.Bmp);
        }
        var info = file.Slice(FileHeader, (int)headerSize);
        var core = headerSize == CoreHeader;
        long width = core ? BinaryPrimitives.ReadUInt16LittleEndian(info[4..]) : BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        var height = core ? BinaryPrimitives.ReadUInt16LittleEndian(info[6..]) : Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(info[8..]));
        if (width <= 0 || height is 0 or > int.MaxValue)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Bmp, $"a size of {width}x{height} is not possible");
        }
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(info[(core ? 10 : 14)..]);
        var compression = core ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[16..]);
        var known = compression switch
        {
            0 => bits is 1 or 4 or 8 or 16 or 24 or 32,
            1 => bits == 8,
            2 => bits == 4,
            3 or 6 => bits is 16 or 32,
            _ => false,
        };
        if (!known)
        {
            throw InvalidPictureException.Unsupported($"This kind of BMP (compression {compression}, {bits} bits a pixel) is not read.");
        }
        return new PictureExtent(FindEnd(file, info, width, height, bits, compression));
    }

    private static int FindEnd(ReadOnlySpan<byte> file, ReadOnlySpan<byte> info, long width, long height, int bits, uint compression)
    {
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        if (offset < FileHeader + info.Length)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Bmp, "its pixels begin inside its header");
        }
        // Run-length data say their size themselves; version 5 headers may be followed by a colour profile.
        var runLength = compression is 1 or 2;
        var row = ((width * bits) + 31) / 32 * 4;
        var pixels = runLength
            ? BinaryPrimitives.ReadUInt32LittleEndian(info[20..])
            : row * Math.Min(height, 1 + (file.Length / row)); // no more rows than show that the file is too short
        var end = offset + pixels;
        if (info.Length == 124 && BinaryPrimitives.ReadUInt32LittleEndian(info[112..]) is > 0 and var profile)
        {
            end = Math.Max(end, FileHeader + profile + (long)BinaryPrimitives.ReadUInt32LittleEndian(info[116..]));
        }
        return end <= file.Length && pixels > 0
            ? (int)end
            : throw InvalidPictureException.Truncated(PictureFormat.Bmp);
    }
}
