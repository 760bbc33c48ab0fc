using Emu.Media.Pictures;
using SkiaSharp;

namespace Emu.Media.Codecs;

/// <summary>Decodes and encodes stills: the one place where a picture library is used.</summary>
public interface IPictureCodec
{
    /// <summary>Decodes a whole file to sRGB, as stored (not turned).</summary>
    /// <param name="file">The file, whose structure was checked.</param>
    /// <param name="header">What its structure says; the decoder must agree.</param>
    /// <param name="cancellationToken">Stops decoding at the next read of the file.</param>
    /// <exception cref="InvalidPictureException">The file is damaged or contradicts its header.</exception>
    Picture Decode(ReadOnlyMemory<byte> file, PictureHeader header, CancellationToken cancellationToken);

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">The picture; opaque if it is to be a JPEG.</param>
    /// <param name="encoding">Format and quality.</param>
    /// <param name="destination">Where the file is written; not closed.</param>
    /// <exception cref="NotSupportedException">The format does not hold a picture of this size.</exception>
    void Encode(Picture picture, PictureEncoding encoding, Stream destination);
}

/// <summary>Stills through Skia.</summary>
public sealed class SkiaPictureCodec : IPictureCodec
{
    /// <inheritdoc/>
    public Picture Decode(ReadOnlyMemory<byte> file, PictureHeader header, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        cancellationToken.ThrowIfCancellationRequested();
        using var stream = new CancellableStream(file, cancellationToken);
        using var codec = SKCodec.Create(stream, out var opened);
        if (codec is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw InvalidPictureException.Damaged(header.Format, $"it cannot be decoded ({opened})");
        }
        if (codec.EncodedFormat != ToSkia(header.Format) || codec.Info.Width != header.Width || codec.Info.Height != header.Height)
        {
            throw InvalidPictureException.Damaged(header.Format, $"its header says {header.Width}x{header.Height}, its data {codec.Info.Width}x{codec.Info.Height}");
        }
        using var space = SKColorSpace.CreateSrgb();
        var samples = new byte[Picture.SampleCount(header.Width, header.Height)];
        var result = Decode(codec, new SKImageInfo(header.Width, header.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, space), samples);
        cancellationToken.ThrowIfCancellationRequested();
        return result switch
        {
            SKCodecResult.Success => Picture.Adopt(header.Width, header.Height, samples),
            SKCodecResult.IncompleteInput => throw InvalidPictureException.Truncated(header.Format),
            _ => throw InvalidPictureException.Damaged(header.Format, $"it cannot be decoded ({result})"),
        };
    }

    /// <inheritdoc/>
    public void Encode(Picture picture, PictureEncoding encoding, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentNullException.ThrowIfNull(destination);
        using var space = SKColorSpace.CreateSrgb();
        var alpha = picture.HasTransparency ? SKAlphaType.Unpremul : SKAlphaType.Opaque;
        if (!Encode(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, alpha, space), picture, encoding, destination))
        {
            throw new NotSupportedException($"A picture of {picture.Width}x{picture.Height} could not be written as {encoding.Format}.");
        }
    }

    private static unsafe bool Encode(SKImageInfo info, Picture picture, PictureEncoding encoding, Stream destination)
    {
        fixed (byte* first = picture.Samples)
        {
            using var pixmap = new SKPixmap(info, (nint)first);
            return encoding.Format switch
            {
                PictureFormat.Png => pixmap.Encode(destination, new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6)),
                PictureFormat.Jpeg => pixmap.Encode(destination, new SKJpegEncoderOptions(encoding.Quality, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore)),
                _ => pixmap.Encode(destination, new SKWebpEncoderOptions(encoding.Quality == 100 ? SKWebpEncoderCompression.Lossless : SKWebpEncoderCompression.Lossy, encoding.Quality)),
            };
        }
    }

    private static unsafe SKCodecResult Decode(SKCodec codec, SKImageInfo info, byte[] samples)
    {
        fixed (byte* first = samples)
        {
            return codec.GetPixels(info, (nint)first);
        }
    }

    private static SKEncodedImageFormat ToSkia(PictureFormat format) => format switch
    {
        PictureFormat.Png => SKEncodedImageFormat.Png,
        PictureFormat.Jpeg => SKEncodedImageFormat.Jpeg,
        PictureFormat.WebP => SKEncodedImageFormat.Webp,
        PictureFormat.Gif => SKEncodedImageFormat.Gif,
        PictureFormat.Bmp => SKEncodedImageFormat.Bmp,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a picture format."),
    };
}
