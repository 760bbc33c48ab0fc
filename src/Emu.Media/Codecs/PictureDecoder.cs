using Emu.Media.ColorManagement;
using Emu.Media.Pictures;
using Emu.Media.Recognition;
using SixLabors.ImageSharp.Metadata;

namespace Emu.Media.Codecs;

/// <summary>Decodes recognised pictures to sRGB, and refuses what ImageSharp would fill up silently.</summary>
internal static class PictureDecoder
{
    /// <summary>Components of a JPEG in inks.</summary>
    private const int Inks = 4;

    /// <summary>Decodes a picture, as stored (not turned).</summary>
    /// <param name="picture">The picture, whose size was checked.</param>
    /// <param name="cancellationToken">Stops decoding at the next row or read of the file.</param>
    /// <exception cref="InvalidPictureException">It is damaged, or rows of it are missing.</exception>
    public static async Task<Picture> DecodeAsync(RecognizedPicture picture, CancellationToken cancellationToken)
    {
        var (header, content) = (picture.Header, picture.Content);
        var (samples, metadata) = await DecodeSamplesAsync(picture, wide: false, cancellationToken);
        var channels = ChannelsOf(picture);
        var conversion = header.Format == PictureFormat.Png
            ? PngColorSpace.ConversionOf(content.Span)
            : IccProfile.ConversionOf(metadata.IccProfile?.ToByteArray(), channels);
        if (conversion is not null && channels == Inks)
        {
            (samples, _) = await ImageSharpCodec.Shared.DecodeAsync(CmykJpeg.WithoutBlack(content.Span), header, wide: false, cancellationToken);
            var (black, _) = await ImageSharpCodec.Shared.DecodeAsync(CmykJpeg.WithoutColors(content.Span), header, wide: false, cancellationToken);
            CmykJpeg.Join(samples, black);
        }
        conversion?.Apply(samples, header.Width, cancellationToken);
        return Picture.Adopt(header.Width, header.Height, samples);
    }

    /// <summary>Whether a picture's samples are amounts of ink, which have no form of their own here: it is converted when it is read.</summary>
    public static bool IsInInks(RecognizedPicture picture) => ChannelsOf(picture) == Inks;

    /// <summary>Decodes the samples as stored: not turned, in the file's own colour space.</summary>
    /// <param name="picture">The picture, whose size was checked.</param>
    /// <param name="wide">Whether samples have 16 bits, in the machine's byte order, instead of 8.</param>
    /// <param name="cancellationToken">Stops decoding at the next row or read of the file.</param>
    /// <returns><c>[height, width, 4]</c>, and the metadata that ImageSharp reads.</returns>
    /// <exception cref="InvalidPictureException">It is damaged, or rows of it are missing.</exception>
    public static async Task<(byte[] Samples, ImageMetadata Metadata)> DecodeSamplesAsync(RecognizedPicture picture, bool wide, CancellationToken cancellationToken)
    {
        var (header, content) = (picture.Header, picture.Content);
        if (header.Format == PictureFormat.Png)
        {
            PngStructure.CheckRows(content, cancellationToken);
        }
        else if (header.Format == PictureFormat.Gif)
        {
            GifStructure.CheckRows(content.Span);
        }
        var (samples, metadata) = await ImageSharpCodec.Shared.DecodeAsync(content, header, wide, cancellationToken);
        if (header.Format == PictureFormat.Jpeg && picture.WasOpen)
        {
            var (continued, _) = await ImageSharpCodec.Shared.DecodeAsync(JpegStructure.Continued(content), header, wide, cancellationToken);
            if (!samples.AsSpan().SequenceEqual(continued))
            {
                throw InvalidPictureException.Truncated(header.Format);
            }
        }
        if (header.Format == PictureFormat.Bmp && BmpStructure.HasUnusedBytes(content.Span))
        {
            MakeOpaque(samples);
        }
        return (samples, metadata);
    }

    private static int ChannelsOf(RecognizedPicture picture) => picture.Header.Format == PictureFormat.Jpeg ? JpegStructure.Components(picture.Content.Span) : 3;

    private static void MakeOpaque(Span<byte> samples)
    {
        for (var i = 3; i < samples.Length; i += Picture.Channels)
        {
            samples[i] = 255;
        }
    }
}
