using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Emu.Media.Pictures;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace Emu.Media.Codecs;

/// <summary>The one place where ImageSharp is used: decoders of five formats and no others, with limited memory.</summary>
internal sealed class ImageSharpCodec
{
    /// <summary>For a single buffer: the samples of the largest picture that <see cref="PictureLimits"/> can allow take 400.</summary>
    private const int AllocationLimitMegabytes = 512;

    private static readonly (PictureFormat Format, IImageFormat ImageFormat)[] Formats =
    [
        (PictureFormat.Png, PngFormat.Instance),
        (PictureFormat.Jpeg, JpegFormat.Instance),
        (PictureFormat.WebP, WebpFormat.Instance),
        (PictureFormat.Gif, GifFormat.Instance),
        (PictureFormat.Bmp, BmpFormat.Instance),
    ];

    private readonly Configuration _configuration;

    private ImageSharpCodec()
    {
        _configuration = new Configuration
        {
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = AllocationLimitMegabytes }),
        };
        var formats = _configuration.ImageFormatsManager;
        // PNG's texts may be small and unpack to gigabytes; they are not read, and neither is anything else beside the pixels.
        formats.SetDecoder(PngFormat.Instance, new PngDecoder { IgnoreMetadata = true });
        formats.AddImageFormatDetector(new PngImageFormatDetector());
        formats.SetDecoder(JpegFormat.Instance, new JpegDecoder());
        formats.AddImageFormatDetector(new JpegImageFormatDetector());
        formats.SetDecoder(WebpFormat.Instance, new WebpDecoder());
        formats.AddImageFormatDetector(new WebpImageFormatDetector());
        formats.SetDecoder(GifFormat.Instance, new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First });
        formats.AddImageFormatDetector(new GifImageFormatDetector());
        formats.SetDecoder(BmpFormat.Instance, new BmpDecoder());
        formats.AddImageFormatDetector(new BmpImageFormatDetector());
    }

    /// <summary>The only one: its allocator keeps buffers for the next picture.</summary>
    public static ImageSharpCodec Shared { get; } = new();

    /// <summary>The format that the first bytes announce, or null.</summary>
    public PictureFormat? DetectFormat(ReadOnlySpan<byte> file)
    {
        var format = file.IsEmpty ? null : Image.DetectFormat(_configuration, file);
        return format is null ? null : Array.Find(Formats, entry => entry.ImageFormat == format).Format;
    }

    /// <summary>Reads size and metadata, not the pixels.</summary>
    /// <param name="content">The picture, whose structure was checked.</param>
    /// <param name="format">Its format.</param>
    /// <exception cref="InvalidPictureException">The header is damaged, or of a kind that is not read.</exception>
    public (int Width, int Height, ImageMetadata Metadata) Identify(ReadOnlyMemory<byte> content, PictureFormat format)
    {
        try
        {
            using var stream = new PictureStream(content, CancellationToken.None);
            var info = Image.Identify(_configuration, stream) ?? throw InvalidPictureException.Damaged(format, "its header cannot be read");
            return (info.Width, info.Height, info.Metadata);
        }
        catch (Exception exception) when (IsAboutTheFile(exception))
        {
            throw Refused(format, exception);
        }
    }

    /// <summary>Decodes the samples as stored: not turned, in the file's own colour space.</summary>
    /// <param name="content">The picture, whose structure and size were checked.</param>
    /// <param name="header">What was read of it; the pixels must agree.</param>
    /// <param name="wide">Whether samples have 16 bits, in the machine's byte order, instead of 8.</param>
    /// <param name="cancellationToken">Stops decoding at the next row or read.</param>
    /// <returns><c>[height, width, 4]</c>, and the metadata.</returns>
    /// <exception cref="InvalidPictureException">The file is damaged, contradicts its header, or is of a kind that is not read.</exception>
    public Task<(byte[] Samples, ImageMetadata Metadata)> DecodeAsync(ReadOnlyMemory<byte> content, PictureHeader header, bool wide, CancellationToken cancellationToken) =>
        wide ? DecodeAsync<Rgba64>(content, header, cancellationToken) : DecodeAsync<Rgba32>(content, header, cancellationToken);

    private async Task<(byte[] Samples, ImageMetadata Metadata)> DecodeAsync<TPixel>(ReadOnlyMemory<byte> content, PictureHeader header, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        try
        {
            await using var stream = new PictureStream(content, cancellationToken);
            using var image = await Image.LoadAsync<TPixel>(_configuration, stream, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (image.Width != header.Width || image.Height != header.Height)
            {
                throw InvalidPictureException.Damaged(header.Format, $"its header says {header.Width}x{header.Height}, its data {image.Width}x{image.Height}");
            }
            var samples = GC.AllocateUninitializedArray<byte>(Picture.SampleCount(image.Width, image.Height) * (Unsafe.SizeOf<TPixel>() / Picture.Channels));
            image.CopyPixelDataTo(samples);
            return (samples, image.Metadata);
        }
        catch (Exception exception) when (IsAboutTheFile(exception))
        {
            throw Refused(header.Format, exception);
        }
    }

    /// <summary>Gives buffers that were kept for the next picture back to the system.</summary>
    public void ReleaseBuffers() => _configuration.MemoryAllocator.ReleaseRetainedResources();

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">The picture; opaque if it is to be a JPEG.</param>
    /// <param name="encoding">Format and quality.</param>
    /// <param name="destination">Where the file is written; not closed.</param>
    /// <exception cref="NotSupportedException">The format does not hold a picture of this size.</exception>
    public void Encode(Picture picture, PictureEncoding encoding, Stream destination) =>
        Encode<Rgba32>(picture.Memory, (picture.Width, picture.Height), EncoderFor(encoding, picture.HasTransparency), encoding.Format, destination);

    private void Encode<TPixel>(ReadOnlyMemory<byte> samples, (int Width, int Height) size, (IImageEncoder Encoder, int MaximumSide) target, PictureFormat format, Stream destination)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (size.Width > target.MaximumSide || size.Height > target.MaximumSide)
        {
            throw new NotSupportedException($"A picture of {size.Width}x{size.Height} could not be written as {format}: at most {target.MaximumSide} pixels a side.");
        }
        // Not copied: encoders that keep transparent colours only read.
        using var image = Image.WrapMemory<TPixel>(_configuration, MemoryMarshal.AsMemory(samples), size.Width, size.Height);
        image.Save(destination, target.Encoder);
    }

    private static (IImageEncoder Encoder, int MaximumSide) EncoderFor(PictureEncoding encoding, bool hasTransparency) => encoding.Format switch
    {
        PictureFormat.Png => (new PngEncoder
        {
            BitDepth = PngBitDepth.Bit8,
            ColorType = hasTransparency ? PngColorType.RgbWithAlpha : PngColorType.Rgb,
            FilterMethod = PngFilterMethod.Adaptive,
            CompressionLevel = PngCompressionLevel.Level6,
            TransparentColorMode = PngTransparentColorMode.Preserve,
        }, int.MaxValue),
        PictureFormat.Jpeg => (new JpegEncoder { Quality = encoding.Quality, ColorType = JpegColorType.YCbCrRatio444 }, 65_535),
        PictureFormat.WebP => (new WebpEncoder
        {
            FileFormat = encoding.Quality == 100 ? WebpFileFormatType.Lossless : WebpFileFormatType.Lossy,
            Quality = encoding.Quality,
            TransparentColorMode = WebpTransparentColorMode.Preserve,
        }, 16_383),
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding.Format, "Not a format that is written."),
    };

    /// <summary>Damaged files make the decoders fail in many ways, also by running out of their own tables.</summary>
    private static bool IsAboutTheFile(Exception exception) => exception is not (OperationCanceledException or InvalidPictureException or OutOfMemoryException);

    private static InvalidPictureException Refused(PictureFormat format, Exception exception) => exception is NotSupportedException
        ? InvalidPictureException.Unsupported($"This kind of {PictureFormats.All[format].Title} is not read: {exception.Message.TrimEnd('.')}.", exception)
        : InvalidPictureException.Damaged(format, $"it cannot be decoded ({exception.Message.TrimEnd('.')})", exception);
}
