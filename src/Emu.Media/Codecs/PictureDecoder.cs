using Emu.Media.ColorManagement;
using Emu.Media.Pictures;
using Emu.Media.Recognition;

namespace Emu.Media.Codecs;

/// <summary>Decodes recognised pictures to sRGB, and refuses what ImageSharp would fill up silently.</summary>
internal static class PictureDecoder
{
    /// <summary>Decodes a picture, as stored (not turned).</summary>
    /// <param name="picture">The picture, whose size was checked.</param>
    /// <param name="cancellationToken">Stops decoding at the next row or read of the file.</param>
    /// <exception cref="InvalidPictureException">It is damaged, or rows of it are missing.</exception>
    public static async Task<Picture> DecodeAsync(RecognizedPicture picture, CancellationToken cancellationToken)
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
        var (samples, metadata) = await ImageSharpCodec.Shared.DecodeAsync(content, header, cancellationToken);
        if (header.Format == PictureFormat.Jpeg && picture.WasOpen)
        {
            var (continued, _) = await ImageSharpCodec.Shared.DecodeAsync(JpegStructure.Continued(content), header, cancellationToken);
            if (!samples.AsSpan().SequenceEqual(continued))
            {
                throw InvalidPictureException.Truncated(header.Format);
            }
        }
        if (header.Format == PictureFormat.Bmp && BmpStructure.HasUnusedBytes(content.Span))
        {
            MakeOpaque(samples);
        }
        var conversion = header.Format == PictureFormat.Png
            ? PngColorSpace.ConversionOf(content.Span)
            : IccProfile.ConversionOf(metadata.IccProfile?.ToByteArray(), header.Format == PictureFormat.Jpeg ? JpegStructure.Components(content.Span) : 3);
        conversion?.Apply(samples, header.Width, cancellationToken);
        return Picture.Adopt(header.Width, header.Height, samples);
    }

    private static void MakeOpaque(Span<byte> samples)
    {
        for (var i = 3; i < samples.Length; i += Picture.Channels)
        {
            samples[i] = 255;
        }
    }
}
