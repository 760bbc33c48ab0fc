using Emu.Media.ColorManagement;
using Emu.Media.Metadata;
using Emu.Media.Pictures;
using Emu.Media.Recognition;

namespace Emu.Media.Codecs;

/// <summary>
/// Reads untrusted images for editing: samples of 8 or 16 bits as the file has them, in its own colour space, with its metadata;
/// turned as EXIF says. Amounts of ink (CMYK) are converted to sRGB, and their profile is dropped.
/// </summary>
/// <param name="limits">What is accepted; <see cref="DefaultLimits"/> if null.</param>
public sealed class SourcePictureReader(PictureLimits? limits = null)
{
    /// <summary>Buffers of larger pictures are given back, since pictures of that size seldom follow one another.</summary>
    private const int KeptBytes = 64 << 20;

    private readonly PictureFileReader _files = new(limits ?? DefaultLimits);

    /// <summary>Sides of at least 16 pixels, at most 50 megapixels, 400 MB and 60 s: what 16-bit files of that size may take.</summary>
    public static PictureLimits DefaultLimits { get; } = new() { MinimumSide = 16, MaximumBytes = 400_000_000, DecodeTime = TimeSpan.FromSeconds(60) };

    /// <summary>Reads a picture from a file's bytes.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public Task<SourcePicture> ReadAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default)
    {
        var recognized = _files.Recognize(file);
        return _files.WithinTimeAsync(token => DecodeAsync(recognized, token), cancellationToken);
    }

    /// <summary>Reads a picture from a stream, which is read to its end or the limit.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public async Task<SourcePicture> ReadAsync(Stream source, CancellationToken cancellationToken = default) =>
        await ReadAsync(await _files.ReadBytesAsync(source, cancellationToken), cancellationToken);

    /// <summary>Reads a picture from a file.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<SourcePicture> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var source = File.OpenRead(path);
        return await ReadAsync(source, cancellationToken);
    }

    private static async Task<SourcePicture> DecodeAsync(RecognizedPicture recognized, CancellationToken cancellationToken)
    {
        var header = recognized.Header;
        var metadata = MetadataBlocks.Read(header.Format, recognized.Content.Span);
        if (PictureDecoder.IsInInks(recognized))
        {
            var converted = await PictureDecoder.DecodeAsync(recognized, cancellationToken);
            return SourcePicture.From(converted, metadata with { Icc = null }).Oriented(header.Orientation);
        }
        var wide = header.Format == PictureFormat.Png && PngStructure.IsWide(recognized.Content.Span);
        var (samples, _) = await PictureDecoder.DecodeSamplesAsync(recognized, wide, cancellationToken);
        if (samples.Length > KeptBytes)
        {
            ImageSharpCodec.Shared.ReleaseBuffers();
        }
        metadata = metadata with { Icc = metadata.Icc is { } icc ? IccProfile.ForRgb(icc) : null };
        return SourcePicture.Adopt(header.Width, header.Height, wide ? 16 : 8, samples, metadata).Oriented(header.Orientation);
    }
}
