using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>
/// JPEG (ITU-T T.81): markers from SOI to EOI, also between the scans. ImageSharp fills what is missing with grey and says
/// nothing, goes through any number of scans, and leaves rows out where the end marker is missing.
/// </summary>
internal static class JpegStructure
{
    /// <summary>Real progressive files have about ten scans. Every scan may cost a pass over the whole picture.</summary>
    private const int MaximumScans = 200;

    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>An end marker. The bytes behind it keep ImageSharp from taking its end for the end of the data, which may be zeros.</summary>
    private static readonly byte[] End = [0xFF, EndOfImage, .. new byte[16]];

    public static PictureExtent Read(ReadOnlySpan<byte> file)
    {
        Span<ulong> missing = stackalloc ulong[256];
        var (width, height, scans, coded, isProgressive) = (0, 0, 0, 0L, false);
        var (at, end) = (2, 0);
        while (TryReadMarker(file, ref at, out var marker))
        {
            if (marker == EndOfImage)
            {
                return IsEnough(coded, width, height)
                    ? new PictureExtent(at)
                    : throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"{coded} bytes of data cannot be a picture of {width}x{height}");
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                continue;
            }
            if (!TryReadSegment(file, ref at, out var segment))
            {
                break;
            }
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (width != 0)
                {
                    throw InvalidPictureException.Damaged(PictureFormat.Jpeg, "it holds two frame headers");
                }
                (width, height) = ReadFrame(segment, missing);
                isProgressive = marker == 0xC2;
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
                Cover(segment, isProgressive, missing);
                end = SkipEntropyCodedData(file, at);
                coded += end - at;
                at = end;
            }
        }
        return IsEnough(coded, width, height) && !missing.ContainsAnyExcept(0UL)
            ? new PictureExtent(end, IsOpen: true)
            : throw InvalidPictureException.Truncated(PictureFormat.Jpeg);
    }

    /// <summary>How many components each pixel has: 1 (grey), 3, or 4 (CMYK).</summary>
    /// <param name="content">A picture whose structure was checked.</param>
    public static int Components(ReadOnlySpan<byte> content)
    {
        for (var at = 2; TryReadMarker(content, ref at, out var marker) && TryReadSegment(content, ref at, out var segment);)
        {
            if (marker is >= 0xC0 and <= 0xC2)
            {
                return segment[5];
            }
        }
        return 0;
    }

    /// <summary>The picture with an end marker.</summary>
    public static byte[] Closed(ReadOnlySpan<byte> content, bool isOpen) => [.. isOpen ? content : content[..^2], .. End];

    /// <summary>
    /// A picture that was closed, with other data in place of those that may have been missing. Decoding it gives the same
    /// pixels exactly if none was.
    /// </summary>
    public static ReadOnlyMemory<byte> Continued(ReadOnlyMemory<byte> content) =>
        (byte[])[.. content.Span[..^End.Length], .. Enumerable.Repeat<byte>(0x5A, 64), .. End];

    /// <summary>Every block of 8×8 pixels takes at least one bit.</summary>
    private static bool IsEnough(long coded, int width, int height) =>
        coded > 0 && coded * 8 >= (long)((width + 7) / 8) * ((height + 7) / 8);

    private static bool TryReadMarker(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        if (at < file.Length && file[at] != 0xFF)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"there is no marker at byte {at}");
        }
        while (at < file.Length && file[at] == 0xFF)
        {
            at++;
        }
        marker = at < file.Length ? file[at++] : default;
        return marker != default;
    }

    private static bool TryReadSegment(ReadOnlySpan<byte> file, ref int at, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        if (file.Length - at < 2)
        {
            return false;
        }
        int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
        if (length < 2)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"the segment at byte {at} has no length");
        }
        if (length > file.Length - at)
        {
            return false;
        }
        segment = file.Slice(at + 2, length - 2);
        at += length;
        return true;
    }

    /// <summary>Reads the size, and notes that every component misses all of its 64 coefficients.</summary>
    private static (int Width, int Height) ReadFrame(ReadOnlySpan<byte> frame, Span<ulong> missing)
    {
        if (frame.Length < 6 || frame.Length < 6 + (3 * frame[5]))
        {
            throw InvalidPictureException.Damaged(PictureFormat.Jpeg, "its header is too short");
        }
        for (var i = 0; i < frame[5]; i++)
        {
            missing[frame[6 + (3 * i)]] = ulong.MaxValue;
        }
        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        return width > 0 && height > 0
            ? (width, height)
            : throw InvalidPictureException.Damaged(PictureFormat.Jpeg, $"a size of {width}x{height} is not possible");
    }

    /// <summary>Notes which coefficients a scan completes: all, or in a progressive file those that it gives the last bit of.</summary>
    private static void Cover(ReadOnlySpan<byte> scan, bool isProgressive, Span<ulong> missing)
    {
        var components = scan.IsEmpty ? 0 : scan[0];
        if (scan.Length < 4 + (2 * components))
        {
            throw InvalidPictureException.Damaged(PictureFormat.Jpeg, "the header of its data is too short");
        }
        var (first, last, lowestBit) = (scan[^3], scan[^2], scan[^1] & 15);
        for (var i = 0; i < components; i++)
        {
            for (var k = isProgressive ? first : 0; k <= (isProgressive ? Math.Min((int)last, 63) : 63) && lowestBit == 0; k++)
            {
                missing[scan[1 + (2 * i)]] &= ~(1UL << k);
            }
        }
    }

    /// <summary>To the next marker or the end of the file: in coded data FF is followed by 00 or a restart marker.</summary>
    private static int SkipEntropyCodedData(ReadOnlySpan<byte> file, int at)
    {
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0)
            {
                return file.Length;
            }
            at += next;
            if (at + 1 == file.Length)
            {
                return at;
            }
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
