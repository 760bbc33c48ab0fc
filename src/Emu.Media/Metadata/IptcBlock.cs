using System.Buffers.Binary;

namespace Emu.Media.Metadata;

/// <summary>IPTC records (IIM) as files carry them: as resource 0x0404 among those of Photoshop.</summary>
internal static class IptcBlock
{
    private const int Resource = 0x0404;

    /// <summary>The records in a list of resources, or the block itself if it is no such list; null if there are none.</summary>
    public static byte[]? FromResources(ReadOnlySpan<byte> resources)
    {
        if (!resources.StartsWith("8BIM"u8))
        {
            return resources.Length > 0 && resources[0] == 0x1C ? resources.ToArray() : null;
        }
        while (resources.Length >= 12 && resources.StartsWith("8BIM"u8))
        {
            var name = (2 + resources[6]) & ~1;
            if (resources.Length < 10 + name)
            {
                break;
            }
            var length = BinaryPrimitives.ReadUInt32BigEndian(resources[(6 + name)..]);
            if (length > resources.Length - 10 - name)
            {
                break;
            }
            var data = resources.Slice(10 + name, (int)length);
            if (BinaryPrimitives.ReadUInt16BigEndian(resources[4..]) == Resource)
            {
                return data.IsEmpty ? null : data.ToArray();
            }
            resources = resources[Math.Min(resources.Length, 10 + name + (int)((length + 1) & ~1u))..];
        }
        return null;
    }

    /// <summary>The records as a list of one resource.</summary>
    public static byte[] ToResources(ReadOnlySpan<byte> records)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, records.Length);
        return [.. "8BIM"u8, Resource >> 8, Resource & 255, 0, 0, .. length, .. records, .. new byte[records.Length & 1]];
    }
}
