using Emu.Media.Codecs.Png;
using Emu.Media.Files;
using Emu.Media.Pictures;

namespace Emu.Media.Codecs;

/// <summary>Writes stills.</summary>
public sealed class PictureWriter
{
    private readonly ImageSharpCodec _codec = ImageSharpCodec.Shared;

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

/// <summary>Writes grey pictures, such as masks, as PNG.</summary>
public static class GreyWriter
{
    /// <summary>Writes into a stream.</summary>
    /// <param name="values"><c>[height, width]</c>, 0 (black) to 255 (white).</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="destination">Not closed.</param>
    /// <param name="cancellationToken">Until everything is written.</param>
    /// <exception cref="ArgumentException">There are not height × width values.</exception>
    public static async Task WriteAsync(ReadOnlyMemory<byte> values, int width, int height, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (values.Length != checked((long)width * height))
        {
            throw new ArgumentException($"{width}x{height} pixels have {(long)width * height} values; {values.Length} were given.", nameof(values));
        }
        await BandedPng.WriteAsync(PngRaster.OfGrey(values, width, height), default, destination, cancellationToken);
    }
}

/// <summary>How a still is written.</summary>
public sealed record PictureEncoding
{
    private readonly PictureFormat _format = PictureFormat.Png;
    private readonly int _quality = 90;

    /// <summary>Lossless, with alpha.</summary>
    public static PictureEncoding Png { get; } = new();

    /// <summary>JPEG, PNG (the default) or WebP.</summary>
    public PictureFormat Format
    {
        get => _format;
        init => _format = PictureFormats.Writable.Contains(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Pictures are written as PNG, JPEG or WebP.");
    }

    /// <summary>1 (small) to 100 (good), for JPEG and WebP (100 is lossless WebP); 90 by default.</summary>
    public int Quality
    {
        get => _quality;
        init => _quality = value is >= 1 and <= 100
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Quality is 1 to 100.");
    }

    /// <summary>The ground where a JPEG would be transparent. White by default.</summary>
    public PictureColor Background { get; init; } = PictureColor.White;
}
