using Emu.Local.CommandLine;
using Emu.Local.Hosting;

namespace Emu.Local.Models;

/// <summary>Finds model packages: folders with a <c>model_index.json</c>.</summary>
public static class ModelLocator
{
    /// <summary>The package used unless another is asked for.</summary>
    public const string DefaultName = "sticker";

    /// <summary>More folders with packages, as <c>PATH</c> writes them.</summary>
    public const string PathVariable = "EMU_MODELS";

    private const string IndexFile = "model_index.json";

    /// <summary>The folder of a package: a path, or the name of a package in one of <see cref="SearchFolders"/>.</summary>
    /// <param name="nameOrPath">What the user wrote; null for <see cref="DefaultName"/>.</param>
    /// <exception cref="UsageException">There is no such package.</exception>
    public static string Find(string? nameOrPath)
    {
        var wanted = nameOrPath ?? DefaultName;
        foreach (var candidate in SearchFolders().Select(folder => Path.Combine(folder, wanted)).Prepend(nameOrPath is null ? null : Path.GetFullPath(wanted)))
        {
            if (candidate is not null && File.Exists(Path.Combine(candidate, IndexFile)))
            {
                return candidate;
            }
        }

        throw new UsageException(Directory.Exists(wanted)
            ? $"'{wanted}' is no model package: it has no {IndexFile}."
            : $"There is no model package '{wanted}'. A folder with a {IndexFile} is accepted, or a name that 'emu models list' shows; looked in {string.Join(", ", SearchFolders().DefaultIfEmpty("no folder"))}.");
    }

    /// <summary>The folders that a model without a package, such as the one that finds subjects, may be in; the first is where it is added.</summary>
    public static IReadOnlyList<string> Folders =>
    [
        .. (Environment.GetEnvironmentVariable(PathVariable) ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath),
        Path.Combine(DataFolder.DefaultPath, "models"),
        .. SearchFolders(),
    ];

    /// <summary>The folders of every package that is found by name, the earlier folder winning.</summary>
    public static IReadOnlyList<string> List() =>
        [.. SearchFolders()
            .SelectMany(Directory.EnumerateDirectories)
            .Where(folder => File.Exists(Path.Combine(folder, IndexFile)))
            .DistinctBy(Path.GetFileName)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal)];

    /// <summary>Where packages are looked for: the folders in <see cref="PathVariable"/>, then <c>models</c> beside or above the program.</summary>
    public static IEnumerable<string> SearchFolders()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable(PathVariable) ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Directory.Exists(folder))
            {
                yield return Path.GetFullPath(folder);
            }
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "models");
            if (File.Exists(Path.Combine(models, DefaultName, IndexFile)))
            {
                yield return models;
                yield break;
            }
        }
    }
}
