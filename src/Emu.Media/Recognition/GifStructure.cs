using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>GIF (87a, 89a): screen, blocks, trailer. More than one image makes it animated.</summary>
internal static class GifStructure
{
    private const int ScreenEnd = 13;

    public static (PictureHeader Header, int End) Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < ScreenEnd)
        {
            throw InvalidPictureException.Truncated(PictureFormat.Gif);
        }
        int width = BinaryPrimitives.ReadUInt16LittleEndian(file[6..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(file[8..]);
        if (width == 0 || height == 0)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Gif, $"a size of {width}x{height} is not possible");
        }
        var at = ScreenEnd + PaletteSize(file[10]);
        for (var images = 0; ;)
        {
            if (at >= file.Length)
            {
                throw InvalidPictureException.Truncated(PictureFormat.Gif);
            }
            switch (file[at])
            {
                case 0x21:
                    at = SkipBlocks(file, at + 2);
                    break;
                case 0x2C:
                    if (++images > 1)
                    {
                        throw InvalidPictureException.Animated(PictureFormat.Gif);
                    }
                    at = SkipImage(file, at, width, height);
                    break;
                case 0x3B:
                    return images == 1
                        ? (new PictureHeader(PictureFormat.Gif, width, height), at + 1)
                        : throw InvalidPictureException.Damaged(PictureFormat.Gif, "it has no picture data");
                default:
                    throw InvalidPictureException.Damaged(PictureFormat.Gif, $"there is no block at byte {at}");
            }
        }
    }

    private static int SkipImage(ReadOnlySpan<byte> file, int at, int width, int height)
    {
        if (file.Length - at < 11)
        {
            throw InvalidPictureException.Truncated(PictureFormat.Gif);
        }
        var image = file[(at + 1)..];
        var right = BinaryPrimitives.ReadUInt16LittleEndian(image) + BinaryPrimitives.ReadUInt16LittleEndian(image[4..]);
        var bottom = BinaryPrimitives.ReadUInt16LittleEndian(image[2..]) + BinaryPrimitives.ReadUInt16LittleEndian(image[6..]);
        return right <= width && bottom <= height
            ? SkipBlocks(file, at + 11 + PaletteSize(file[at + 9]))
            : throw InvalidPictureException.Damaged(PictureFormat.Gif, "its image is larger than its screen");
    }

    private static int SkipBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length)
        {
            if (file[at] == 0)
            {
                return at + 1;
            }
            at += file[at] + 1;
        }
        throw InvalidPictureException.Truncated(PictureFormat.Gif);
    }

    private static int PaletteSize(byte flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;
}
