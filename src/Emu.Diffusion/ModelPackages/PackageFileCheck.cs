namespace Emu.Diffusion.ModelPackages;

/// <summary>The result of checking one file.</summary>
/// <param name="File">The file as listed.</param>
/// <param name="State">What was found.</param>
/// <param name="Problem">What is wrong and what was expected; null if intact.</param>
public sealed record PackageFileCheck(PackageFile File, PackageFileState State, string? Problem);
