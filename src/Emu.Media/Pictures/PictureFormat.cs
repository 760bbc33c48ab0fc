using Emu.Media.Formats;

namespace Emu.Media.Pictures;

/// <summary>The still formats that are read.</summary>
public enum PictureFormat
{
    /// <summary>PNG.</summary>
    Png,

    /// <summary>JPEG: baseline, extended or progressive Huffman, 8 bits a sample.</summary>
    Jpeg,

    /// <summary>WebP.</summary>
    WebP,

    /// <summary>GIF of one frame.</summary>
    Gif,

    /// <summary>Windows or OS/2 bitmap.</summary>
    Bmp,
}

/// <summary>The tables of still formats, from which names, extensions, media types and alpha derive everywhere.</summary>
public static class PictureFormats
{
    private static readonly (PictureFormat, FormatDescription)[] Written =
    [
        (PictureFormat.Png, new("png", "PNG", "image/png", true, ".png")),
        (PictureFormat.Jpeg, new("jpeg", "JPEG", "image/jpeg", false, ".jpg", ".jpeg")),
        (PictureFormat.WebP, new("webp", "WebP", "image/webp", true, ".webp")),
    ];

    /// <summary>The formats that are read.</summary>
    public static FormatTable<PictureFormat> All { get; } = new(
    [
        .. Written,
        (PictureFormat.Gif, new("gif", "GIF", "image/gif", true, ".gif")),
        (PictureFormat.Bmp, new("bmp", "BMP", "image/bmp", false, ".bmp")),
    ]);

    /// <summary>The formats that are written.</summary>
    public static FormatTable<PictureFormat> Writable { get; } = new(Written);

    /// <summary>The usual extension, with its dot.</summary>
    public static string Extension(this PictureFormat format) => All[format].Extensions[0];
}
