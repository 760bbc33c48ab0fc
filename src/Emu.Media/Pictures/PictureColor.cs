namespace Emu.Media.Pictures;

/// <summary>A colour: sRGB, straight alpha, 8 bits a channel.</summary>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
/// <param name="Alpha">Opacity, 0 (transparent) to 255 (opaque).</param>
public readonly record struct PictureColor(byte Red, byte Green, byte Blue, byte Alpha = 255)
{
    /// <summary>Opaque white: the ground where a format has no alpha.</summary>
    public static PictureColor White { get; } = new(255, 255, 255);

    /// <summary>Opaque black.</summary>
    public static PictureColor Black { get; } = new(0, 0, 0);

    /// <summary>Nothing: alpha 0.</summary>
    public static PictureColor Transparent { get; } = new(0, 0, 0, 0);
}
