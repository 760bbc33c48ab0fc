using Emu.Media.Pictures;

namespace Emu.Media.Codecs;

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
        init => _format = value is PictureFormat.Png or PictureFormat.Jpeg or PictureFormat.WebP
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
