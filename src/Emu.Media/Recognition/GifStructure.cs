using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>
/// GIF (87a, 89a): screen, blocks, trailer. More than one image makes it animated. ImageSharp says nothing of that before it
/// decodes, fills missing rows with the first colour, and cuts images that are larger than their screen.
/// </summary>
internal static class GifStructure
{
    private const int ScreenEnd = 13;
    private const byte Trailer = 0x3B;

    public static PictureExtent Read(ReadOnlySpan<byte> file) => Walk(file).Extent;

    /// <summary>The picture with its last block and its end, if it has none.</summary>
    public static byte[] Closed(ReadOnlySpan<byte> content)
    {
        var closed = (byte[])[.. content, 0, Trailer];
        var at = Walk(content).DataAt + 1;
        while (at + closed[at] < content.Length && closed[at] != 0)
        {
            at += closed[at] + 1;
        }
        if (at < content.Length && closed[at] != 0)
        {
            closed[at] = (byte)(content.Length - at - 1);
        }
        return closed;
    }

    /// <summary>Checks that the data hold every pixel.</summary>
    /// <exception cref="InvalidPictureException">They do not.</exception>
    public static void CheckRows(ReadOnlySpan<byte> content)
    {
        var (_, dataAt, pixels) = Walk(content);
        if (!GifData.HasPixels(content[dataAt..], pixels))
        {
            throw InvalidPictureException.Truncated(PictureFormat.Gif);
        }
    }

    private static (PictureExtent Extent, int DataAt, long Pixels) Walk(ReadOnlySpan<byte> file)
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
        var (dataAt, imageEnd, pixels) = (0, 0, 0L);
        for (var at = ScreenEnd + PaletteSize(file[10]); at < file.Length;)
        {
            switch (file[at])
            {
                case 0x21:
                    at = SkipBlocks(file, at + 2);
                    break;
                case 0x2C when dataAt == 0:
                    (dataAt, pixels) = ReadImage(file, at, width, height);
                    at = imageEnd = SkipBlocks(file, dataAt + 1);
                    break;
                case 0x2C:
                    throw InvalidPictureException.Animated(PictureFormat.Gif);
                case Trailer when dataAt > 0:
                    return (new PictureExtent(at + 1), dataAt, pixels);
                case Trailer:
                    throw InvalidPictureException.Damaged(PictureFormat.Gif, "it has no picture data");
                default:
                    // What comes behind the image without being a block does not belong to it.
                    return dataAt > 0
                        ? (new PictureExtent(imageEnd, IsOpen: true), dataAt, pixels)
                        : throw InvalidPictureException.Damaged(PictureFormat.Gif, $"there is no block at byte {at}");
            }
        }
        return dataAt > 0 && dataAt + 1 < file.Length
            ? (new PictureExtent(imageEnd, IsOpen: true), dataAt, pixels)
            : throw InvalidPictureException.Truncated(PictureFormat.Gif);
    }

    private static (int DataAt, long Pixels) ReadImage(ReadOnlySpan<byte> file, int at, int width, int height)
    {
        if (file.Length - at < 11)
        {
            throw InvalidPictureException.Truncated(PictureFormat.Gif);
        }
        var image = file[(at + 1)..];
        var (imageWidth, imageHeight) = (BinaryPrimitives.ReadUInt16LittleEndian(image[4..]), BinaryPrimitives.ReadUInt16LittleEndian(image[6..]));
        var right = BinaryPrimitives.ReadUInt16LittleEndian(image) + imageWidth;
        var bottom = BinaryPrimitives.ReadUInt16LittleEndian(image[2..]) + imageHeight;
        return right <= width && bottom <= height
            ? (at + 10 + PaletteSize(file[at + 9]), (long)imageWidth * imageHeight)
            : throw InvalidPictureException.Damaged(PictureFormat.Gif, "its image is larger than its screen");
    }

    /// <summary>Behind the block that ends them, or the end of the file.</summary>
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
        return file.Length;
    }

    private static int PaletteSize(byte flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;
}

/// <summary>The compressed data of a GIF: LZW codes in blocks of at most 255 bytes.</summary>
internal static class GifData
{
    private const int MaximumCodeSize = 12;

    /// <summary>Counts pixels without decoding them: of each code only the length of its string is kept.</summary>
    /// <param name="data">From the first code's size on; may be cut anywhere.</param>
    /// <param name="pixels">How many there must be.</param>
    public static bool HasPixels(ReadOnlySpan<byte> data, long pixels)
    {
        var firstSize = data[0] + 1;
        if (firstSize is < 3 or > MaximumCodeSize)
        {
            return false;
        }
        var clear = 1 << data[0];
        var lengths = new int[1 << MaximumCodeSize];
        lengths.AsSpan(0, clear).Fill(1);
        var (next, size, previous, bits, bitCount) = (clear + 2, firstSize, -1, 0, 0);
        for (var at = 1; at < data.Length && data[at] != 0; at += data[at] + 1)
        {
            foreach (var value in data[(at + 1)..Math.Min(data.Length, at + 1 + data[at])])
            {
                bits |= value << bitCount;
                for (bitCount += 8; bitCount >= size;)
                {
                    var code = bits & ((1 << size) - 1);
                    bits >>= size;
                    bitCount -= size;
                    if (code == clear)
                    {
                        (next, size, previous) = (clear + 2, firstSize, -1);
                        continue;
                    }
                    if (code == clear + 1 || code > next || (previous < 0 && code >= clear))
                    {
                        return false;
                    }
                    var grown = previous < 0 ? 0 : lengths[previous] + 1;
                    pixels -= code < next ? lengths[code] : grown;
                    if (pixels <= 0)
                    {
                        return true;
                    }
                    if (previous >= 0 && next < lengths.Length)
                    {
                        lengths[next++] = grown;
                        size += next == 1 << size && size < MaximumCodeSize ? 1 : 0;
                    }
                    previous = code;
                }
            }
        }
        return false;
    }
}
