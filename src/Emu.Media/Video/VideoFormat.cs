namespace Emu.Media.Video;

/// <summary>The moving formats that can be written.</summary>
public enum VideoFormat
{
    /// <summary>H.264 in MP4, yuv420p, index first. No alpha.</summary>
    Mp4,

    /// <summary>Animated GIF: 256 colours, a pixel is there or not.</summary>
    Gif,

    /// <summary>Animated WebP, with alpha. Equal frames in a row become one longer frame; a clip that never changes becomes a still WebP.</summary>
    WebP,

    /// <summary>Animated PNG, lossless, with alpha.</summary>
    Apng,

    /// <summary>VP9 in WebM, with alpha.</summary>
    WebM,
}
