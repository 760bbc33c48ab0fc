namespace Emu.Generation.Models;

/// <summary>Finds model packages by name: folders with a <c>model_index.json</c>.</summary>
public static class ModelFolders
{
    /// <summary>The package used unless another is asked for.</summary>
    public const string DefaultName = "sticker";

    /// <summary>More folders with packages, as <c>PATH</c> writes them.</summary>
    public const string PathVariable = "EMU_MODELS";

    /// <summary>The file that makes a folder a package.</summary>
    public const string IndexFile = "model_index.json";

    /// <summary>The folders of every package that is found by name, the earlier folder winning.</summary>
    public static IReadOnlyList<string> List() => List(SearchFolders());

    /// <summary>The folders of every package in some folders, the earlier folder winning; folders that do not exist hold none.</summary>
    public static IReadOnlyList<string> List(IEnumerable<string> folders) =>
        [.. folders
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(folder => File.Exists(Path.Combine(folder, IndexFile)))
            .DistinctBy(Path.GetFileName)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal)];

    /// <summary>The folders in <see cref="PathVariable"/>, whether they exist or not.</summary>
    public static IEnumerable<string> Named() =>
        (Environment.GetEnvironmentVariable(PathVariable) ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath);

    /// <summary>Where packages are looked for: the folders in <see cref="PathVariable"/>, then <c>models</c> beside or above the program.</summary>
    public static IEnumerable<string> SearchFolders()
    {
        foreach (var folder in Named().Where(Directory.Exists))
        {
            yield return folder;
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
