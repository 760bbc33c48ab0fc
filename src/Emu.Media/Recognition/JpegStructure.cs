using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>JPEG (ITU-T T.81): markers from SOI to EOI, also between the scans, so that a file cut short is noticed.</summary>
internal static class JpegStructure
{
    /// <summary>Real progressive files have about ten scans. Every scan may cost a pass over the whole picture.</summary>
    private const int MaximumScans = 200;

    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public static (PictureHeader Header, int End) Read(ReadOnlySpan<byte> file)
    {
        var orientation = PictureOrientation.Upright;
        var (width, height, scans, coded) = (0, 0, 0, 0L);
        for (var at = 2; ;)
        {
            var marker = ReadMarker(file, ref at);
            if (marker == EndOfImage)
            {
                return IsEnough(coded, width, height)
                    ? (new PictureHeader(PictureFormat.Jpeg, width, height, orientation), at)
                    : throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"{coded} bytes of data cannot be a picture of {width}x{height}");
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                continue;
            }
            var segment = ReadSegment(file, ref at);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (width != 0)
                {
                    throw InvalidPictureException.Damaged(PictureFormat.Jpeg, "it holds two frame headers");
                }
                (width, height) = ReadFrame(marker, segment);
            }
            else if (marker == 0xE1 && orientation == PictureOrientation.Upright && segment.StartsWith("Exif\0\0"u8))
            {
                orientation = ExifOrientation.Read(segment[6..]);
            }
            else if (marker == StartOfScan)
            {
                if (width == 0)
                {
                    throw InvalidPictureException.Damaged(PictureFormat.Jpeg, "its data come before its header");
                }
                if (++scans > MaximumScans)
                {
                    throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"it has more than {MaximumScans} scans");
                }
                var start = at;
                at = SkipEntropyCodedData(file, at);
                coded += at - start;
            }
        }
    }

    /// <summary>Every block of 8×8 pixels takes at least one bit. Decoders fill up what is missing with grey and say nothing.</summary>
    private static bool IsEnough(long coded, int width, int height) =>
        coded > 0 && coded * 8 >= (long)((width + 7) / 8) * ((height + 7) / 8);

    private static byte ReadMarker(ReadOnlySpan<byte> file, ref int at)
    {
        if (at >= file.Length)
        {
            throw InvalidPictureException.Truncated(PictureFormat.Jpeg);
        }
        if (file[at] != 0xFF)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"there is no marker at byte {at}");
        }
        while (at < file.Length && file[at] == 0xFF)
        {
            at++;
        }
        return at < file.Length ? file[at++] : throw InvalidPictureException.Truncated(PictureFormat.Jpeg);
    }

    private static ReadOnlySpan<byte> ReadSegment(ReadOnlySpan<byte> file, ref int at)
    {
        if (file.Length - at < 2)
        {
            throw InvalidPictureException.Truncated(PictureFormat.Jpeg);
        }
        int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
        if (length < 2)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"the segment at byte {at} has no length");
        }
        if (length > file.Length - at)
        {
            throw InvalidPictureException.Truncated(PictureFormat.Jpeg);
        }
        var segment = file.Slice(at + 2, length - 2);
        at += length;
        return segment;
    }

    private static (int Width, int Height) ReadFrame(byte marker, ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 6)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Jpeg, "its header is too short");
        }
        if (marker > 0xC2 || frame[0] != 8 || frame[5] is not (1 or 3 or 4))
        {
            throw InvalidPictureException.Unsupported("This kind of JPEG (lossless, arithmetic, hierarchical or not 8 bits a sample) is not read.");
        }
        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        return width > 0 && height > 0
            ? (width, height)
            : throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"a size of {width}x{height} is not possible");
    }

    /// <summary>To the next marker: in coded data FF is followed by 00 or a restart marker.</summary>
    private static int SkipEntropyCodedData(ReadOnlySpan<byte> file, int at)
    {
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
            {
                throw InvalidPictureException.Truncated(PictureFormat.Jpeg);
            }
            at += next;
            if (file[at + 1] is 0x00 or (>= 0xD0 and <= 0xD7))
            {
                at += 2;
            }
            else if (file[at + 1] == 0xFF)
            {
                at++;
            }
            else
            {
                return at;
            }
        }
    }
}
