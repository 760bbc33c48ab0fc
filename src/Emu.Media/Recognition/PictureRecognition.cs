using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>
/// Recognises a picture by its first bytes and walks its structure, in plain C# and without decoding: nothing is allocated by
/// what a header claims.
/// </summary>
public static class PictureRecognition
{
    /// <summary>Reads what a file says of itself.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidPictureException">It is not one whole still picture of a known format and nothing else. No other exception is thrown, whatever the bytes.</exception>
    public static PictureHeader Read(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            throw new InvalidPictureException(PictureErrorCode.Empty, $"The file is empty. {InvalidPictureException.AcceptedFormats}");
        }
        var (header, end) = Identify(file) switch
        {
            PictureFormat.Png => PngStructure.Read(file),
            PictureFormat.Jpeg => JpegStructure.Read(file),
            PictureFormat.WebP => WebPStructure.Read(file),
            PictureFormat.Gif => GifStructure.Read(file),
            PictureFormat.Bmp => BmpStructure.Read(file),
            _ => throw InvalidPictureException.Unsupported(ForeignFormats.Describe(file)),
        };
        ForeignFormats.RefuseMixture(header.Format, file, end);
        return header;
    }

    /// <summary>The format that the first bytes announce, or null.</summary>
    public static PictureFormat? Identify(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngStructure.Signature))
        {
            return PictureFormat.Png;
        }
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return PictureFormat.Jpeg;
        }
        if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
        {
            return PictureFormat.WebP;
        }
        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8))
        {
            return PictureFormat.Gif;
        }
        return BmpStructure.IsLikely(file) ? PictureFormat.Bmp : null;
    }
}
