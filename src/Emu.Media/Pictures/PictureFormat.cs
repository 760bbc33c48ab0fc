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
