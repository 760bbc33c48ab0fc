namespace Emu.Diffusion.ModelPackages;

/// <summary>A file as its package lists it.</summary>
/// <param name="Path">The path in the package, with forward slashes.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Sha256">The SHA-256 in lower-case hexadecimal.</param>
public sealed record PackageFile(string Path, long Size, string Sha256);
