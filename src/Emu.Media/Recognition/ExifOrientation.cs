using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>Finds the orientation in EXIF data (a TIFF: byte order, then a directory of tags).</summary>
internal static class ExifOrientation
{
    private const ushort Tag = 0x0112;
    private const ushort ShortType = 3;
    private const int EntrySize = 12;

    /// <summary>The orientation, or upright where the data do not say or make no sense: a picture is not refused for its notes.</summary>
    public static PictureOrientation Read(ReadOnlySpan<byte> tiff)
    {
        var little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || (!little && !tiff.StartsWith("MM\0*"u8)))
        {
            return PictureOrientation.Upright;
        }
        var directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
        {
            return PictureOrientation.Upright;
        }
        var entries = tiff[((int)directory + 2)..];
        for (var count = Short(tiff[(int)directory..], little); count > 0 && entries.Length >= EntrySize; count--, entries = entries[EntrySize..])
        {
            if (Short(entries, little) == Tag && Short(entries[2..], little) == ShortType && Short(entries[8..], little) is >= 1 and <= 8 and var value)
            {
                return (PictureOrientation)value;
            }
        }
        return PictureOrientation.Upright;
    }

    private static ushort Short(ReadOnlySpan<byte> data, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(data) : BinaryPrimitives.ReadUInt16BigEndian(data);
}
