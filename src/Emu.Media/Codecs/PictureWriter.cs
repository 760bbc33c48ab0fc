using Emu.Media.Files;
using Emu.Media.Pictures;

namespace Emu.Media.Codecs;

/// <summary>Writes stills.</summary>
/// <param name="codec">The encoder; Skia by default.</param>
public sealed class PictureWriter(IPictureCodec? codec = null)
{
    private readonly IPictureCodec _codec = codec ?? new SkiaPictureCodec();

    /// <summary>Writes to a file, which appears whole or not at all; one that is there is replaced.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <param name="encoding">PNG by default.</param>
    /// <param name="cancellationToken">Until the file is moved into place.</param>
    public async Task WriteAsync(Picture picture, string path, PictureEncoding? encoding = null, CancellationToken cancellationToken = default)
    {
        using var file = TemporaryFile.For(path);
        await using (var stream = File.Create(file.Path))
        {
            await WriteAsync(picture, stream, encoding, cancellationToken);
        }
        file.Keep();
    }

    /// <summary>Writes into a stream.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="destination">Not closed.</param>
    /// <param name="encoding">PNG by default.</param>
    /// <param name="cancellationToken">Until everything is written.</param>
    public async Task WriteAsync(Picture picture, Stream destination, PictureEncoding? encoding = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(destination);
        cancellationToken.ThrowIfCancellationRequested();
        encoding ??= PictureEncoding.Png;
        var content = encoding.Format == PictureFormat.Jpeg ? picture.Over(encoding.Background) : picture;
        using var encoded = new MemoryStream();
        await Task.Run(() => _codec.Encode(content, encoding, encoded), cancellationToken);
        await destination.WriteAsync(encoded.GetBuffer().AsMemory(0, (int)encoded.Length), cancellationToken);
    }
}
