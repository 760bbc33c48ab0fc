namespace Emu.Media.Pictures;

/// <summary>What a picture file says of itself, read without decoding it.</summary>
/// <param name="Format">Its format, by its content; names and media types are not trusted.</param>
/// <param name="Width">Width as stored, in pixels.</param>
/// <param name="Height">Height as stored, in pixels.</param>
/// <param name="Orientation">How it is to be turned for viewing.</param>
public sealed record PictureHeader(PictureFormat Format, int Width, int Height, PictureOrientation Orientation = PictureOrientation.Upright)
{
    /// <summary>Width as seen.</summary>
    public int OrientedWidth => Orientation.SwapsSides() ? Height : Width;

    /// <summary>Height as seen.</summary>
    public int OrientedHeight => Orientation.SwapsSides() ? Width : Height;
}
