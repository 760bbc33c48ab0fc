using Emu.Media.Codecs;
using Emu.Media.Pictures;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace Emu.Media.Recognition;

/// <summary>
/// Recognises a picture by its content, without decoding it. ImageSharp reads the header; before that the structure is walked
/// here for what ImageSharp does not notice: files cut short, animation, lengths that reach beyond the file, and what follows
/// the picture.
/// </summary>
internal static class PictureRecognition
{
    /// <summary>Reads what a file says of itself.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidPictureException">It is not one still picture of a known format. No other exception is thrown, whatever the bytes.</exception>
    public static RecognizedPicture Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.IsEmpty)
        {
            throw new InvalidPictureException(PictureErrorCode.Empty, $"The file is empty. {InvalidPictureException.AcceptedFormats}");
        }
        if (ImageSharpCodec.Shared.DetectFormat(bytes) is not { } format || (format == PictureFormat.Bmp && !BmpStructure.IsLikely(bytes)))
        {
            throw InvalidPictureException.Unsupported(ForeignFormats.Describe(bytes));
        }
        var extent = format switch
        {
            PictureFormat.Png => PngStructure.Read(bytes),
            PictureFormat.Jpeg => JpegStructure.Read(bytes),
            PictureFormat.WebP => WebPStructure.Read(bytes),
            PictureFormat.Gif => GifStructure.Read(bytes),
            _ => BmpStructure.Read(bytes),
        };
        ForeignFormats.RefuseMixture(format, bytes, extent.End);
        var content = Closed(format, file[..extent.End], extent.IsOpen);
        var (width, height, metadata) = ImageSharpCodec.Shared.Identify(content, format);
        if (extent.Canvas is { } canvas && canvas != (width, height))
        {
            throw InvalidPictureException.Damaged(format, $"its header says {canvas.Width}x{canvas.Height}, its data {width}x{height}");
        }
        var exif = format == PictureFormat.Png ? PngChunks.Exif(content.Span) : metadata.ExifProfile;
        return new RecognizedPicture(new PictureHeader(format, width, height, OrientationOf(exif)), content, extent.IsOpen);
    }

    private static ReadOnlyMemory<byte> Closed(PictureFormat format, ReadOnlyMemory<byte> content, bool isOpen) => format switch
    {
        PictureFormat.Jpeg => JpegStructure.Closed(content.Span, isOpen),
        PictureFormat.Png => PngStructure.ForDecoder(content, isOpen),
        PictureFormat.Gif when isOpen => GifStructure.Closed(content.Span),
        _ => content,
    };

    /// <summary>The orientation, or upright where the data do not say or make no sense: a picture is not refused for its notes.</summary>
    private static PictureOrientation OrientationOf(ExifProfile? exif) =>
        exif?.GetValue(ExifTag.Orientation)?.Value is >= 1 and <= 8 and var value ? (PictureOrientation)value : PictureOrientation.Upright;
}

/// <summary>A file that was recognised.</summary>
/// <param name="Header">What it says of itself.</param>
/// <param name="Content">The picture's bytes, with an end marker and without what follows it in the file.</param>
/// <param name="WasOpen">Whether the end marker was missing; decoding shows whether all rows are there.</param>
internal sealed record RecognizedPicture(PictureHeader Header, ReadOnlyMemory<byte> Content, bool WasOpen);

/// <summary>Where a picture lies in its file.</summary>
/// <param name="End">Where it ends.</param>
/// <param name="IsOpen">Whether its end marker is missing.</param>
/// <param name="Canvas">A size that the structure states beside the one in the data.</param>
internal readonly record struct PictureExtent(int End, bool IsOpen = false, (int Width, int Height)? Canvas = null);
