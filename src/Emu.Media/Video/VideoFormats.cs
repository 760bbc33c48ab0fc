using System.Diagnostics.CodeAnalysis;

namespace Emu.Media.Video;

/// <summary>What is known of the formats.</summary>
public static class VideoFormats
{
    /// <summary>The extensions accepted, for messages: <c>.mp4, .gif, .webp, .png, .apng, .webm</c>.</summary>
    public const string AcceptedExtensions = ".mp4, .gif, .webp, .png, .apng, .webm";

    /// <summary>The format that a file's extension names; case does not matter. <c>.png</c> is an animated PNG here.</summary>
    public static bool TryFromExtension(string path, [NotNullWhen(true)] out VideoFormat? format)
    {
        ArgumentNullException.ThrowIfNull(path);
        format = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".MP4" => VideoFormat.Mp4,
            ".GIF" => VideoFormat.Gif,
            ".WEBP" => VideoFormat.WebP,
            ".PNG" or ".APNG" => VideoFormat.Apng,
            ".WEBM" => VideoFormat.WebM,
            _ => null,
        };
        return format is not null;
    }

    /// <summary>The usual extension, with its dot.</summary>
    public static string Extension(this VideoFormat format) => format switch
    {
        VideoFormat.Mp4 => ".mp4",
        VideoFormat.Gif => ".gif",
        VideoFormat.WebP => ".webp",
        VideoFormat.Apng => ".png",
        VideoFormat.WebM => ".webm",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a video format."),
    };

    /// <summary>The media type to serve it under.</summary>
    public static string MediaType(this VideoFormat format) => format switch
    {
        VideoFormat.Mp4 => "video/mp4",
        VideoFormat.Gif => "image/gif",
        VideoFormat.WebP => "image/webp",
        VideoFormat.Apng => "image/apng",
        VideoFormat.WebM => "video/webm",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a video format."),
    };

    /// <summary>Whether transparency can be kept (a GIF keeps it as on or off).</summary>
    public static bool KeepsAlpha(this VideoFormat format) => format is not VideoFormat.Mp4;
}
