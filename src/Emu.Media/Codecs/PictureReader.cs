using Emu.Media.Pictures;

namespace Emu.Media.Codecs;

/// <summary>Reads untrusted images: the format and size are checked first, decoding is limited, and the EXIF orientation is applied.</summary>
/// <param name="limits">What is accepted.</param>
public sealed class PictureReader(PictureLimits? limits = null)
{
    private readonly PictureFileReader _files = new(limits ?? new PictureLimits());

    /// <summary>Recognises a file and checks it against the limits, without decoding it.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public PictureHeader Inspect(ReadOnlyMemory<byte> file) => _files.Recognize(file).Header;

    /// <summary>Reads a picture from a file's bytes.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public Task<Picture> ReadAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default)
    {
        var recognized = _files.Recognize(file);
        return _files.WithinTimeAsync(
            async token => (await PictureDecoder.DecodeAsync(recognized, token)).Oriented(recognized.Header.Orientation),
            cancellationToken);
    }

    /// <summary>Reads a picture from a stream, which is read to its end or the limit.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public async Task<Picture> ReadAsync(Stream source, CancellationToken cancellationToken = default) =>
        await ReadAsync(await _files.ReadBytesAsync(source, cancellationToken), cancellationToken);

    /// <summary>Reads a picture from a file.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<Picture> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var source = File.OpenRead(path);
        return await ReadAsync(source, cancellationToken);
    }
}
