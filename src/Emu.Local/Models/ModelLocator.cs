using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;

namespace Emu.Local.Models;

/// <summary>Finds model packages: folders with a <c>model_index.json</c>.</summary>
public static class ModelLocator
{
    /// <summary>The folder of a package: a path, or the name of a package in one of <see cref="ModelFolders.SearchFolders"/>.</summary>
    /// <param name="nameOrPath">What the user wrote; null for <see cref="ModelFolders.DefaultName"/>.</param>
    /// <exception cref="UsageException">There is no such package.</exception>
    public static string Find(string? nameOrPath)
    {
        var wanted = nameOrPath ?? ModelFolders.DefaultName;
        foreach (var candidate in ModelFolders.SearchFolders().Select(folder => Path.Combine(folder, wanted)).Prepend(nameOrPath is null ? null : Path.GetFullPath(wanted)))
        {
            if (candidate is not null && File.Exists(Path.Combine(candidate, ModelFolders.IndexFile)))
            {
                return candidate;
            }
        }

        throw new UsageException(Directory.Exists(wanted)
            ? $"'{wanted}' is no model package: it has no {ModelFolders.IndexFile}."
            : $"There is no model package '{wanted}'. A folder with a {ModelFolders.IndexFile} is accepted, or a name that 'emu models list' shows; looked in {string.Join(", ", ModelFolders.SearchFolders().DefaultIfEmpty("no folder"))}.");
    }

    /// <summary>The folders that a model without a package, such as the one that finds subjects, may be in; the first is where it is added.</summary>
    public static IReadOnlyList<string> Folders =>
    [
        .. ModelFolders.Named(),
        Path.Combine(DataFolder.DefaultPath, "models"),
        .. ModelFolders.SearchFolders(),
    ];
}
