using System.Text.RegularExpressions;

namespace Emu.Local.Models;

/// <summary>The name that jobs call a package by: its folder's, in the characters that names have.</summary>
internal static partial class ModelName
{
    private const int MaximumLength = 64;

    /// <summary>The name of the package in a folder.</summary>
    public static string Of(string folder)
    {
        var name = Unusual().Replace(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).ToLowerInvariant(), "-").TrimStart('.', '_', '-');
        return name.Length == 0 ? "model" : name[..Math.Min(name.Length, MaximumLength)];
    }

    [GeneratedRegex("[^a-z0-9._-]")]
    private static partial Regex Unusual();
}
