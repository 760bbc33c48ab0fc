using Emu.Media.Codecs.Png;
using Emu.Media.ColorManagement;
using Emu.Media.Files;
using Emu.Media.Metadata;
using Emu.Media.Pictures;

namespace Emu.Media.Codecs;

/// <summary>Writes edited pictures: as PNG every sample is kept; ICC profile, EXIF, XMP and IPTC are attached again.</summary>
public sealed class SourcePictureWriter
{
    private readonly ImageSharpCodec _codec = ImageSharpCodec.Shared;

    /// <summary>Writes to a file, which appears whole or not at all; one that is there is replaced.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <param name="encoding"><see cref="SourceEncoding.Lossless"/> if null.</param>
    /// <param name="cancellationToken">Until the file is moved into place.</param>
    public async Task WriteAsync(SourcePicture picture, string path, SourceEncoding? encoding = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var file = TemporaryFile.For(path);
        await using (var stream = File.Create(file.Path))
        {
            await WriteAsync(picture, stream, encoding, cancellationToken);
        }
        cancellationToken.ThrowIfCancellationRequested();
        file.Keep();
    }

    /// <summary>Writes into a stream.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="destination">Not closed.</param>
    /// <param name="encoding"><see cref="SourceEncoding.Lossless"/> if null.</param>
    /// <param name="cancellationToken">Until everything is written.</param>
    /// <exception cref="NotSupportedException">The format does not hold a picture of this size.</exception>
    public async Task WriteAsync(SourcePicture picture, Stream destination, SourceEncoding? encoding = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(destination);
        cancellationToken.ThrowIfCancellationRequested();
        var target = (encoding ?? SourceEncoding.Lossless).Picture;
        if (target.Format == PictureFormat.Png)
        {
            // Not by way of memory: of 50 megapixels it would take as much as the picture.
            await BandedPng.WriteAsync(PngRaster.Of(picture), PngMetadata.Blocks(picture.Metadata), destination, cancellationToken);
            return;
        }
        using var encoded = new MemoryStream();
        await Task.Run(() => Encode(picture, target, encoded), cancellationToken);
        encoded.Position = 0;
        await MetadataBlocks.CopyAsync(encoded, destination, picture.Metadata, target.Format, cancellationToken);
    }

    private void Encode(SourcePicture picture, PictureEncoding encoding, Stream destination)
    {
        // These formats cannot say what a PNG's gamma says.
        var narrow = picture.Metadata.PngColors.IsEmpty ? picture.ToPicture() : picture.ToSrgb();
        _codec.Encode(encoding.Format == PictureFormat.Jpeg ? narrow.Over(encoding.Background) : narrow, encoding, destination);
    }
}

/// <summary>How an edited picture is written.</summary>
/// <param name="Picture">Format and quality. Formats other than PNG have 8 bits a sample; JPEG and lossy WebP change every sample a little.</param>
public sealed record SourceEncoding(PictureEncoding Picture)
{
    /// <summary>Of a lossy file: hardly to be told from the picture by eye.</summary>
    private const int LossyQuality = 92;

    /// <summary>PNG of the picture's own depth: every sample as it is.</summary>
    public static SourceEncoding Lossless { get; } = new(PictureEncoding.Png);

    /// <summary>Small instead of exact: JPEG or WebP.</summary>
    /// <param name="source">The source's format: WebP stays WebP, everything else becomes JPEG.</param>
    /// <param name="quality">1 to 100; 92 by default.</param>
    public static SourceEncoding Lossy(PictureFormat? source = null, int quality = LossyQuality) =>
        new(new PictureEncoding { Format = source == PictureFormat.WebP ? PictureFormat.WebP : PictureFormat.Jpeg, Quality = quality });
}
