using Emu.Diffusion.ModelPackages;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Models;

/// <summary>Finds model packages: folders with a <c>model_index.json</c>.</summary>
public static class ModelLocator
{
    /// <summary>The folders that models are looked for in, packages and others; the first is where one without a package, such as the one that finds subjects, is added.</summary>
    public static IReadOnlyList<string> Folders =>
    [
        .. ModelFolders.Named(),
        Path.Combine(DataFolder.DefaultPath, "models"),
        .. ModelFolders.SearchFolders(),
    ];

    /// <summary>The folders of every package that is found by name.</summary>
    public static IReadOnlyList<string> List() => ModelFolders.List(Folders);

    /// <summary>The folders of the packages that follow instructions about pictures. What is wrong with others, 'emu models list' says.</summary>
    public static IReadOnlyList<string> Followers() => [.. List().Where(FollowsInstructions)];

    /// <summary>The folder of a package: a path, or the name of a package in one of <see cref="Folders"/>.</summary>
    /// <param name="nameOrPath">What the user wrote; null for <see cref="ModelFolders.DefaultName"/>.</param>
    /// <exception cref="UsageException">There is no such package; the message names the nearest.</exception>
    public static string Find(string? nameOrPath)
    {
        var wanted = nameOrPath ?? ModelFolders.DefaultName;
        foreach (var candidate in Folders.Select(folder => Path.Combine(folder, wanted)).Prepend(nameOrPath is null ? null : Path.GetFullPath(wanted)))
        {
            if (candidate is not null && File.Exists(Path.Combine(candidate, ModelFolders.IndexFile)))
            {
                return candidate;
            }
        }

        var nearest = TextDistance.Nearest(wanted, List().Select(folder => Path.GetFileName(folder)));
        throw new UsageException(Directory.Exists(wanted)
            ? $"'{wanted}' is no model package: it has no {ModelFolders.IndexFile}."
            : $"There is no model package '{wanted}'.{(nearest is null ? "" : $" The nearest is '{nearest}'.")} A folder with a {ModelFolders.IndexFile} is accepted, or a name that 'emu models list' shows; looked in {string.Join(", ", Folders.Where(Directory.Exists).Distinct().DefaultIfEmpty("no folder"))}.");
    }

    private static bool FollowsInstructions(string folder)
    {
        try
        {
            return ModelPackage.ReadDescription(folder).Edit is not null;
        }
        catch (ModelPackageException)
        {
            return false;
        }
    }
}
