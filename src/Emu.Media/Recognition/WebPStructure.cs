using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>WebP (RFC 9649): a RIFF with VP8 (lossy), VP8L (lossless) or VP8X (extended: canvas, EXIF, animation).</summary>
internal static class WebPStructure
{
    private const byte AnimationFlag = 0x02;

    public static (PictureHeader Header, int End) Read(ReadOnlySpan<byte> file)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (size > file.Length - 8)
        {
            throw InvalidPictureException.Truncated(PictureFormat.WebP);
        }
        var end = 8 + (int)size;
        var orientation = PictureOrientation.Upright;
        (int Width, int Height)? canvas = null;
        (int Width, int Height)? image = null;
        for (var at = 12; end - at >= 8;)
        {
            var type = file.Slice(at, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            if (length > end - at - 8)
            {
                throw InvalidPictureException.Truncated(PictureFormat.WebP);
            }
            var data = file.Slice(at + 8, (int)length);
            at += 8 + (int)length + (int)(length & 1);
            if (type.SequenceEqual("VP8X"u8))
            {
                canvas = ReadExtended(data);
            }
            else if (type.SequenceEqual("ANIM"u8) || type.SequenceEqual("ANMF"u8))
            {
                throw InvalidPictureException.Animated(PictureFormat.WebP);
            }
            else if (type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8))
            {
                if (image is not null)
                {
                    throw InvalidPictureException.Damaged(PictureFormat.WebP, "it holds two pictures");
                }
                image = type[3] == (byte)'L' ? ReadLossless(data) : ReadLossy(data);
            }
            else if (type.SequenceEqual("EXIF"u8))
            {
                orientation = ExifOrientation.Read(data.StartsWith("Exif\0\0"u8) ? data[6..] : data);
            }
        }
        if (image is not var (width, height))
        {
            throw InvalidPictureException.Damaged(PictureFormat.WebP, "it has no picture data");
        }
        return canvas is null || canvas == image
            ? (new PictureHeader(PictureFormat.WebP, width, height, orientation), end)
            : throw InvalidPictureException.Damaged(PictureFormat.WebP, $"its header says {canvas.Value.Width}x{canvas.Value.Height}, its data {width}x{height}");
    }

    private static (int Width, int Height) ReadExtended(ReadOnlySpan<byte> data)
    {
        if (data.Length < 10)
        {
            throw InvalidPictureException.Damaged(PictureFormat.WebP, "its header is too short");
        }
        return (data[0] & AnimationFlag) != 0
            ? throw InvalidPictureException.Animated(PictureFormat.WebP)
            : (1 + (data[4] | (data[5] << 8) | (data[6] << 16)), 1 + (data[7] | (data[8] << 8) | (data[9] << 16)));
    }

    /// <summary>RFC 6386, 9.1: frame tag (bit 0: not a key frame), start code, 14-bit sizes.</summary>
    private static (int Width, int Height) ReadLossy(ReadOnlySpan<byte> data)
    {
        if (data.Length < 10 || (data[0] & 1) != 0 || !data.Slice(3, 3).SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
        {
            throw InvalidPictureException.Damaged(PictureFormat.WebP, "its data do not begin with a key frame");
        }
        return CheckSize(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
    }

    private static (int Width, int Height) ReadLossless(ReadOnlySpan<byte> data)
    {
        if (data.Length < 5 || data[0] != 0x2F)
        {
            throw InvalidPictureException.Damaged(PictureFormat.WebP, "its data do not begin as lossless WebP does");
        }
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return CheckSize((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
    }

    private static (int Width, int Height) CheckSize(int width, int height) => width > 0 && height > 0
        ? (width, height)
        : throw InvalidPictureException.Damaged(PictureFormat.WebP, $"a size of {width}x{height} is not possible");
}
