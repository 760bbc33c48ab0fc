namespace Emu.Media.Pictures;

/// <summary>How the stored picture is to be turned for viewing: EXIF's orientation, tag 0x0112.</summary>
public enum PictureOrientation
{
    /// <summary>As stored.</summary>
    Upright = 1,

    /// <summary>Left and right swapped.</summary>
    MirroredHorizontally = 2,

    /// <summary>Turned by half.</summary>
    Rotated180 = 3,

    /// <summary>Top and bottom swapped.</summary>
    MirroredVertically = 4,

    /// <summary>Rows and columns swapped.</summary>
    Transposed = 5,

    /// <summary>To be turned clockwise by a quarter.</summary>
    Rotated90 = 6,

    /// <summary>Rows and columns swapped, then turned by half.</summary>
    Transverse = 7,

    /// <summary>To be turned counter-clockwise by a quarter.</summary>
    Rotated270 = 8,
}
