namespace Emu.Media.Pictures;

/// <summary>
/// What a picture file says beside its samples. Blocks are kept as they are, but for two things in EXIF: the orientation, which
/// was applied, and the thumbnail, which would show the picture as it was before an edit.
/// </summary>
/// <param name="Format">The file's format; null if the picture comes from no file.</param>
/// <param name="Icc">The ICC profile; null if there is none.</param>
/// <param name="Exif">The EXIF block (a TIFF structure) without orientation and thumbnail; null if there is none.</param>
/// <param name="Xmp">The XMP packet; null if there is none.</param>
/// <param name="Iptc">The IPTC block (IIM records); null if there is none.</param>
public sealed record SourceMetadata(PictureFormat? Format = null, ReadOnlyMemory<byte>? Icc = null, ReadOnlyMemory<byte>? Exif = null, ReadOnlyMemory<byte>? Xmp = null, ReadOnlyMemory<byte>? Iptc = null)
{
    /// <summary>Nothing.</summary>
    public static SourceMetadata None { get; } = new();

    /// <summary>The chunks of a PNG without ICC profile that say what its colours are: gAMA, cHRM, sRGB and cICP, whole. Empty if there are none.</summary>
    public ReadOnlyMemory<byte> PngColors { get; init; }
}
