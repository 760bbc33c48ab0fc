namespace Emu.Diffusion.ModelPackages;

/// <summary>What channels a package's pictures have.</summary>
public enum PictureAlpha
{
    /// <summary>Red, green, blue.</summary>
    None,

    /// <summary>Red, green, blue multiplied by alpha, and alpha.</summary>
    Premultiplied,
}
