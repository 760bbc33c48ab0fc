using Emu.Media.Pictures;

namespace Emu.Media.Metadata;

/// <summary>Takes metadata out of picture files as blocks, and puts them into others. Damaged blocks are left out.</summary>
internal static class MetadataBlocks
{
    /// <summary>The most that a compressed block may unpack to; those of real files have at most a few megabytes.</summary>
    public const int MaximumUnpackedBytes = 8 << 20;

    /// <summary>Reads the blocks of a picture whose structure was checked.</summary>
    public static SourceMetadata Read(PictureFormat format, ReadOnlySpan<byte> content)
    {
        var found = format switch
        {
            PictureFormat.Png => PngMetadata.Read(content),
            PictureFormat.Jpeg => JpegMetadata.Read(content),
            PictureFormat.WebP => WebPMetadata.Read(content),
            _ => SourceMetadata.None,
        };
        return found with
        {
            Format = format,
            Exif = found.Exif is { } exif ? ExifBlock.Kept(exif.Span) : null,
            Xmp = found.Xmp is { } xmp ? XmpPacket.Upright(xmp.Span) : null,
        };
    }

    /// <summary>Copies a file without metadata, putting blocks into it.</summary>
    /// <param name="encoded">The file as an encoder wrote it.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="metadata">The blocks.</param>
    /// <param name="format">The file's format: JPEG or WebP.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task CopyAsync(MemoryStream encoded, Stream destination, SourceMetadata metadata, PictureFormat format, CancellationToken cancellationToken)
    {
        var file = encoded.GetBuffer().AsMemory(0, (int)encoded.Length);
        var (head, blocks, rest) = format == PictureFormat.Jpeg ? JpegMetadata.Join(file, metadata) : WebPMetadata.Join(file, metadata);
        await destination.WriteAsync(head, cancellationToken);
        await destination.WriteAsync(blocks, cancellationToken);
        await destination.WriteAsync(rest, cancellationToken);
    }
}
