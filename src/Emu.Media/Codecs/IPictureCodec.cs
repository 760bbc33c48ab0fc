using Emu.Media.Pictures;

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
