using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Media.Tests.Support;

/// <summary>Pictures in their own samples, their files and metadata.</summary>
internal static class SourceFiles
{
    /// <summary>Width of random pictures, in pixels.</summary>
    public const int Width = 24;

    /// <summary>Height of random pictures, in pixels.</summary>
    public const int Height = 17;

    /// <summary>An IPTC block.</summary>
    public static byte[] Iptc { get; } = [0x1C, 0x02, 0x78, 0x00, 0x05, .. "Aloha"u8];

    /// <summary>An XMP packet that says an orientation.</summary>
    public static byte[] Xmp { get; } = [.. """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>"""u8];

    /// <summary>An EXIF block with an artist, "Emu", and an orientation if one is given.</summary>
    public static byte[] ExifWithArtist(int? orientation)
    {
        byte[] artist = [0x3B, 0x01, 2, 0, 4, 0, 0, 0, (byte)'E', (byte)'m', (byte)'u', 0];
        byte[] turned = orientation is { } value ? [0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)value, 0, 0, 0] : [];
        return [.. "II*\0"u8, 8, 0, 0, 0, (byte)(orientation is null ? 1 : 2), 0, .. turned, .. artist, 0, 0, 0, 0];
    }

    /// <summary>What the writer makes of a picture.</summary>
    public static async Task<byte[]> FileOfAsync(SourcePicture picture, SourceEncoding? encoding = null)
    {
        using var file = new MemoryStream();
        await new SourcePictureWriter().WriteAsync(picture, file, encoding);
        return file.ToArray();
    }

    /// <summary>A picture of random samples.</summary>
    public static SourcePicture RandomPicture(int bits, int seed, bool opaque) => SourcePicture.Create(Width, Height, bits, SourceMetadata.None, (seed, bits, opaque), static (bytes, state) =>
    {
        new Random(state.seed).NextBytes(bytes);
        var size = state.bits / 2;
        for (var i = 0; state.opaque && i < bytes.Length; i += size)
        {
            bytes.Slice(i + (size * 3 / 4), size / 4).Fill(255);
        }
    });
}
