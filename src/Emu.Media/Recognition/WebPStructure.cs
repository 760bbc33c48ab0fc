using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>
/// WebP (RFC 9649): a RIFF with VP8 (lossy), VP8L (lossless) or VP8X (extended: canvas, EXIF, animation). ImageSharp decodes
/// data that are cut short, allocates what the length of a chunk claims, ignores the canvas, and cannot say that a file is
/// animated.
/// </summary>
internal static class WebPStructure
{
    private const byte AnimationFlag = 0x02;

    public static PictureExtent Read(ReadOnlySpan<byte> file)
    {
        // A file may be longer than its RIFF says, and shorter if the picture is whole all the same.
        var end = (int)Math.Min(file.Length, 8L + BinaryPrimitives.ReadUInt32LittleEndian(file[4..]));
        (int Width, int Height)? canvas = null;
        var hasImage = false;
        var at = 12;
        while (end - at >= 8)
        {
            var type = file.Slice(at, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            if (length > end - at - 8)
            {
                break;
            }
            var data = file.Slice(at + 8, (int)length);
            at = Math.Min(end, at + 8 + (int)length + (int)(length & 1));
            if (type.SequenceEqual("VP8X"u8))
            {
                canvas = ReadCanvas(data);
            }
            else if (type.SequenceEqual("ANIM"u8) || type.SequenceEqual("ANMF"u8))
            {
                throw InvalidPictureException.Animated(PictureFormat.WebP);
            }
            else if (type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8))
            {
                hasImage = !hasImage ? true : throw InvalidPictureException.Damaged(PictureFormat.WebP, "it holds two pictures");
            }
        }
        return hasImage
            ? new PictureExtent(at, Canvas: canvas)
            : throw (at < end ? InvalidPictureException.Truncated(PictureFormat.WebP) : InvalidPictureException.Damaged(PictureFormat.WebP, "it has no picture data"));
    }

    private static (int Width, int Height) ReadCanvas(ReadOnlySpan<byte> data)
    {
        if (data.Length < 10)
        {
            throw InvalidPictureException.Damaged(PictureFormat.WebP, "its header is too short");
        }
        return (data[0] & AnimationFlag) != 0
            ? throw InvalidPictureException.Animated(PictureFormat.WebP)
            : (1 + (data[4] | (data[5] << 8) | (data[6] << 16)), 1 + (data[7] | (data[8] << 8) | (data[9] << 16)));
    }
}
