namespace Emu.Diffusion.ModelPackages;

/// <summary>A model package cannot be used: a file is missing, changed, truncated, or does not fit. The message names the file and what was expected.</summary>
/// <param name="file">The file (or folder) at fault.</param>
/// <param name="problem">What is wrong with it, and what was expected.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class ModelPackageException(string file, string problem, Exception? innerException = null)
    : Exception($"{file}: {problem}", innerException)
{
    /// <summary>The file (or folder) at fault.</summary>
    public string File { get; } = file;
}
