using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>PNG (ISO/IEC 15948): IHDR, chunks, IEND. APNG's acTL stands before the first IDAT.</summary>
internal static class PngStructure
{
    private const int ChunkOverhead = 12;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static (PictureHeader Header, int End) Read(ReadOnlySpan<byte> file)
    {
        var orientation = PictureOrientation.Upright;
        var (width, height, hasData) = (0, 0, false);
        for (var at = Signature.Length; ;)
        {
            if (file.Length - at < ChunkOverhead)
            {
                throw InvalidPictureException.Truncated(PictureFormat.Png);
            }
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - ChunkOverhead)
            {
                throw InvalidPictureException.Truncated(PictureFormat.Png);
            }
            var type = file.Slice(at + 4, 4);
            var data = file.Slice(at + 8, (int)length);
            at += ChunkOverhead + (int)length;
            if (width == 0)
            {
                (width, height) = ReadHeader(type, data);
            }
            else if (type.SequenceEqual("acTL"u8) && data.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(data) > 1)
            {
                throw InvalidPictureException.Animated(PictureFormat.Png);
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                orientation = ExifOrientation.Read(data);
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                hasData |= !data.IsEmpty;
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return hasData
                    ? (new PictureHeader(PictureFormat.Png, width, height, orientation), at)
                    : throw InvalidPictureException.Damaged(PictureFormat.Png, "it has no picture data");
            }
        }
    }

    private static (int Width, int Height) ReadHeader(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (!type.SequenceEqual("IHDR"u8) || data.Length != 13)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Png, "it does not begin with its header");
        }
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Png, $"a size of {width}x{height} is not possible");
        }
        var (depth, color) = (data[8], data[9]);
        var known = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        return known && data[10] == 0 && data[11] == 0 && data[12] <= 1
            ? ((int)width, (int)height)
            : throw InvalidPictureException.Damaged(PictureFormat.Png, "its header holds values that PNG does not know");
    }
}
