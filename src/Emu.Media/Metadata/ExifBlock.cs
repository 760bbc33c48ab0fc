using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace Emu.Media.Metadata;

/// <summary>
/// Takes out of EXIF (a TIFF structure, CIPA DC-008) what no longer holds after turning and editing. Offsets are absolute, so
/// that everything else stays where it is, also what only its maker can read.
/// </summary>
internal static class ExifBlock
{
    private const int EntryLength = 12;
    private const int Orientation = 0x0112;
    private const int ThumbnailOffset = 0x0201;
    private const int ThumbnailLength = 0x0202;

    /// <summary>A copy without orientation and thumbnail; null if nothing is left or the block is damaged.</summary>
    public static byte[]? Kept(ReadOnlySpan<byte> block)
    {
        if (block.Length < 14 || !(block.StartsWith("II*\0"u8) || block.StartsWith("MM\0*"u8)))
        {
            return null;
        }
        var exif = new Tiff(block.ToArray());
        var directory = exif.Number(4);
        if (!exif.HasDirectory(directory, out var entries))
        {
            return null;
        }
        var next = (int)directory + 2 + (entries * EntryLength);
        exif.EraseThumbnail(exif.Number(next));
        exif.Write(next, 0);
        if (exif.Find(directory, Orientation) is not (> 0 and var at))
        {
            return exif.Bytes;
        }
        exif.Bytes.AsSpan((at + EntryLength)..(next + 4)).CopyTo(exif.Bytes.AsSpan(at));
        exif.Bytes.AsSpan(next + 4 - EntryLength, EntryLength).Clear();
        exif.WriteShort((int)directory, (ushort)(entries - 1));
        return entries > 1 ? exif.Bytes : null;
    }

    /// <summary>Numbers in the block's own byte order. Places that do not lie within it are damaged.</summary>
    private readonly struct Tiff(byte[] bytes)
    {
        private readonly bool _isLittle = bytes[0] == (byte)'I';

        public byte[] Bytes => bytes;

        public uint Number(long at) => _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)at)) : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)at));

        public int Short(long at) => _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((int)at)) : BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan((int)at));

        public void Write(int at, uint value)
        {
            if (_isLittle)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
            }
        }

        public void WriteShort(int at, ushort value)
        {
            if (_isLittle)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
            }
        }

        /// <summary>Whether a directory with all its entries and the place of the next lies at an offset.</summary>
        public bool HasDirectory(uint at, out int entries)
        {
            entries = at >= 8 && at + 2L <= bytes.Length ? Short(at) : 0;
            return entries > 0 && at + 2L + (entries * EntryLength) + 4 <= bytes.Length;
        }

        /// <summary>Where a tag's entry lies in a directory; 0 if it has none.</summary>
        public int Find(uint directory, int tag)
        {
            var entries = Short(directory);
            for (var i = 0; i < entries; i++)
            {
                var at = (int)directory + 2 + (i * EntryLength);
                if (Short(at) == tag)
                {
                    return at;
                }
            }
            return 0;
        }

        public void EraseThumbnail(uint directory)
        {
            if (HasDirectory(directory, out _) && Find(directory, ThumbnailOffset) is > 0 and var place && Find(directory, ThumbnailLength) is > 0 and var size)
            {
                var (start, length) = (Number(place + 8), Number(size + 8));
                if (start >= directory && start + (long)length <= bytes.Length)
                {
                    bytes.AsSpan((int)start, (int)length).Clear();
                }
            }
        }
    }
}

/// <summary>XMP packets (ISO 16684-1), which may state the orientation too.</summary>
internal static partial class XmpPacket
{
    /// <summary>A copy whose orientation, if it states one, is upright.</summary>
    public static byte[] Upright(ReadOnlySpan<byte> packet)
    {
        var copy = packet.ToArray();
        foreach (Match match in OrientationValue().Matches(System.Text.Encoding.Latin1.GetString(copy)))
        {
            copy[match.Groups[1].Index] = (byte)'1';
        }
        return copy;
    }

    [GeneratedRegex("""tiff:Orientation(?:\s*=\s*["']|>\s*)([2-8])""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex OrientationValue();
}
