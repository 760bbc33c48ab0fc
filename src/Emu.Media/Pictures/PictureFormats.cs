namespace Emu.Media.Pictures;

/// <summary>What is known of the still formats.</summary>
public static class PictureFormats
{
    /// <summary>The usual extension, with its dot.</summary>
    public static string Extension(this PictureFormat format) => format switch
    {
        PictureFormat.Png => ".png",
        PictureFormat.Jpeg => ".jpg",
        PictureFormat.WebP => ".webp",
        PictureFormat.Gif => ".gif",
        PictureFormat.Bmp => ".bmp",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a picture format."),
    };

    /// <summary>The media type to serve it under.</summary>
    public static string MediaType(this PictureFormat format) => format switch
    {
        PictureFormat.Png => "image/png",
        PictureFormat.Jpeg => "image/jpeg",
        PictureFormat.WebP => "image/webp",
        PictureFormat.Gif => "image/gif",
        PictureFormat.Bmp => "image/bmp",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a picture format."),
    };
}
