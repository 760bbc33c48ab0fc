using System.Text.RegularExpressions;

namespace Emu.Generation.Models;

/// <summary>The name that jobs use for a model package: that of its folder, in the characters that model names have.</summary>
public static partial class ModelName
{
    private const int MaximumLength = 64;
    private const string Fallback = "model";

    /// <summary>The name of the package in a folder: the folder's own name in lower case, with every character other than a-z, 0-9, '.', '_' and '-' replaced by '-', beginning with a letter or digit, at most 64 characters; <c>model</c> where nothing is left.</summary>
    /// <param name="folder">The folder, with or without a trailing slash; it need not exist.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static string Of(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var name = Unusual().Replace(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).ToLowerInvariant(), "-").TrimStart('.', '_', '-');
        return name.Length == 0 ? Fallback : name[..Math.Min(name.Length, MaximumLength)];
    }

    [GeneratedRegex("[^a-z0-9._-]")]
    private static partial Regex Unusual();
}
