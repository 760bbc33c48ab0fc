using System.Buffers.Binary;

namespace Emu.Media.Recognition;

/// <summary>
/// ImageSharp gives the inks of a CMYK JPEG only as the red, green and blue that they mean without a profile: each ink times
/// black. A copy of the file in which some components are mid-grey, because their quantization table is zero, gives the others
/// alone, at half their height.
/// </summary>
internal static class CmykJpeg
{
    private const int Components = 4;

    /// <summary>A copy whose black is mid-grey: decoded, it gives half of cyan, magenta and yellow.</summary>
    public static byte[] WithoutBlack(ReadOnlySpan<byte> content) => WithNeutral(content, first: 3, count: 1);

    /// <summary>A copy whose black alone is left: decoded, it gives half of it as grey.</summary>
    public static byte[] WithoutColors(ReadOnlySpan<byte> content) => WithNeutral(content, first: 0, count: 3);

    /// <summary>The amounts of ink, 0 to 255, from the two copies' samples: cyan, magenta, yellow, black. Files store them inverted.</summary>
    /// <param name="colors">Samples of the first copy, <c>[height, width, 4]</c>; overwritten.</param>
    /// <param name="black">Samples of the second.</param>
    public static void Join(Span<byte> colors, ReadOnlySpan<byte> black)
    {
        for (var i = 0; i < colors.Length; i += Components)
        {
            (colors[i], colors[i + 1], colors[i + 2], colors[i + 3]) = (Ink(colors[i]), Ink(colors[i + 1]), Ink(colors[i + 2]), Ink(black[i]));
        }

        // Mid-grey is 128 of 255.
        static byte Ink(byte half) => (byte)Math.Max(0, 255 - (((half * 255) + 64) / 128));
    }

    private static byte[] WithNeutral(ReadOnlySpan<byte> content, int first, int count)
    {
        using var copy = new MemoryStream(content.Length + 256);
        var (at, from, table) = (2, 0, -1);
        while (JpegStructure.TryReadMarker(content, ref at, out var marker) && JpegStructure.TryReadSegment(content, ref at, out var segment))
        {
            var start = at - segment.Length - 4;
            if (marker == 0xEE && segment.StartsWith("Adobe"u8) && segment.Length >= 12 && first == 0)
            {
                // Not YCCK: of its colours nothing is left that could be converted.
                copy.Write(content[from..(start + 15)]);
                copy.WriteByte(0);
                from = start + 16;
            }
            else if (marker is >= 0xC0 and <= 0xC2)
            {
                table = FreeTable(segment, first, count);
                copy.Write(content[from..start]);
                WriteZeroTable(copy, table);
                var frame = content[start..at].ToArray();
                for (var i = first; i < first + count; i++)
                {
                    frame[4 + 6 + (3 * i) + 2] = (byte)table;
                }
                copy.Write(frame);
                from = at;
            }
            else if (marker == 0xDA && table >= 0)
            {
                // Once more, if the file has set the table in between.
                copy.Write(content[from..start]);
                WriteZeroTable(copy, table);
                from = start;
                break;
            }
        }
        copy.Write(content[from..]);
        return copy.ToArray();
    }

    /// <summary>Of the four tables, one that no other component uses.</summary>
    private static int FreeTable(ReadOnlySpan<byte> frame, int first, int count)
    {
        var used = 0;
        for (var i = 0; i < Components; i++)
        {
            used |= i >= first && i < first + count ? 0 : 1 << (frame[6 + (3 * i) + 2] & 3);
        }
        return System.Numerics.BitOperations.TrailingZeroCount(~used);
    }

    private static void WriteZeroTable(MemoryStream copy, int table)
    {
        Span<byte> segment = stackalloc byte[4 + 1 + 64];
        segment.Clear();
        (segment[0], segment[1], segment[4]) = (0xFF, 0xDB, (byte)table);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], 2 + 1 + 64);
        copy.Write(segment);
    }
}
