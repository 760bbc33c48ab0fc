namespace Emu.Diffusion.ModelPackages;

/// <summary>What a check of a package's file found.</summary>
public enum PackageFileState
{
    /// <summary>Size and SHA-256 are as listed.</summary>
    Intact,

    /// <summary>The file is not there.</summary>
    Missing,

    /// <summary>The file has another size.</summary>
    WrongSize,

    /// <summary>The file has the listed size but other content.</summary>
    WrongContent,
}
