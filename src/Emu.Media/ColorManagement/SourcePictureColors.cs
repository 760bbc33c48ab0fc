using Emu.Media.Pictures;
using Emu.Media.Recognition;

namespace Emu.Media.ColorManagement;

/// <summary>Shows pictures of any colour space in sRGB.</summary>
public static class SourcePictureColors
{
    /// <summary>The picture as models and previews want it: 8 bits a sample, sRGB.</summary>
    public static Picture ToSrgb(this SourcePicture picture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var converted = picture.ToPicture();
        if (ConversionOf(picture.Metadata) is not { } conversion)
        {
            return converted;
        }
        var samples = converted.Samples.ToArray();
        conversion.Apply(samples, converted.Width, cancellationToken);
        return Picture.Adopt(converted.Width, converted.Height, samples);
    }

    private static SrgbConversion? ConversionOf(SourceMetadata metadata) => metadata.Icc is { } icc
        ? IccProfile.ConversionOf(icc, 3)
        : PngColorSpace.ConversionOf([.. new byte[PngChunks.SignatureLength], .. metadata.PngColors.Span]);
}
