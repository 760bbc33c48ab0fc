using Emu.Media.Formats;

namespace Emu.Media.Video;

/// <summary>The video formats that can be written.</summary>
public enum VideoFormat
{
    /// <summary>H.264 in MP4, yuv420p, index first. No alpha.</summary>
    Mp4,

    /// <summary>Animated GIF: 256 colours, one of them transparent.</summary>
    Gif,

    /// <summary>Animated WebP, with alpha. Equal frames in a row become one longer frame; a clip that never changes becomes a still WebP.</summary>
    WebP,

    /// <summary>Animated PNG, lossless, with alpha.</summary>
    Apng,

    /// <summary>VP9 in WebM, with alpha.</summary>
    WebM,
}

/// <summary>The table of video formats, from which names, extensions, media types and alpha derive everywhere.</summary>
public static class VideoFormats
{
    /// <summary>The table. The extension <c>.png</c> means an animated PNG.</summary>
    public static FormatTable<VideoFormat> All { get; } = new(
        (VideoFormat.Mp4, new("mp4", "MP4", "video/mp4", false, ".mp4")),
        (VideoFormat.Gif, new("gif", "GIF", "image/gif", true, ".gif")),
        (VideoFormat.WebP, new("webp", "WebP", "image/webp", true, ".webp")),
        (VideoFormat.Apng, new("apng", "APNG", "image/apng", true, ".png", ".apng")),
        (VideoFormat.WebM, new("webm", "WebM", "video/webm", true, ".webm")));

    /// <summary>The usual extension, with its dot.</summary>
    public static string Extension(this VideoFormat format) => All[format].Extensions[0];

    /// <summary>Whether transparency can be kept.</summary>
    public static bool KeepsAlpha(this VideoFormat format) => All[format].KeepsAlpha;
}
