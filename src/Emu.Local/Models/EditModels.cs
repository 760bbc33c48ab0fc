using Emu.Diffusion.ModelPackages;
using Emu.Generation.Edits;
using Emu.Local.CommandLine;

namespace Emu.Local.Models;

/// <summary>The packages that an edit on the command line may need: one that makes stickers, and those that follow instructions.</summary>
/// <param name="Named">The name of the model that was asked for; null if none was.</param>
/// <param name="Packages">Names and folders; the first is the default.</param>
/// <param name="Followers">The names of those that follow instructions.</param>
internal sealed record EditModels(string? Named, IReadOnlyList<KeyValuePair<string, string>> Packages, IReadOnlyList<string> Followers)
{
    /// <summary>The model that follows what the grammar does not read; null if there is none, or if it is not clear which.</summary>
    public string? Follower => Named is null ? (Followers is [var only] ? only : null) : Followers.FirstOrDefault(name => name == Named);

    /// <summary>Finds the packages. Those that follow instructions are looked for only where they are needed.</summary>
    /// <param name="named">What the user wrote for --model; null if nothing.</param>
    /// <param name="steps">The instructions of each version.</param>
    /// <param name="task">The kind of edit; null if the instructions say it.</param>
    /// <param name="hasMask">Whether a mask was given.</param>
    /// <exception cref="UsageException">There is no such package, or two have the same name.</exception>
    /// <exception cref="ModelPackageException">The package that was named is damaged.</exception>
    public static EditModels Find(string? named, IReadOnlyList<string> steps, string? task, bool hasMask)
    {
        var folder = Path.TrimEndingDirectorySeparator(ModelLocator.Find(named));
        var followers = steps.Any(step => InstructModels.AreNeeded(step, task, hasMask)) ? ModelLocator.Followers() : [];
        if (named is not null)
        {
            var description = ModelPackage.ReadDescription(folder);
            followers = description.Edit is null || followers.Contains(folder) ? followers : [folder, .. followers];
            IEnumerable<string> stickers = description.Image is null ? [ModelLocator.Find(null)] : [];
            return Of(folder, [.. stickers, folder, .. followers], followers);
        }

        return Of(null, [folder, .. followers], followers);
    }

    private static EditModels Of(string? named, IEnumerable<string> folders, IEnumerable<string> followers)
    {
        var packages = Generation.GenerationOptions.Name(folders.Distinct());
        return packages.GroupBy(package => package.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same
            ? throw new UsageException($"--model: The folders {string.Join(" and ", same.Select(package => $"'{package.Value}'"))} would both be the model '{same.Key}'; rename one of them.")
            : new(named is null ? null : NameOf(named), packages, [.. followers.Select(NameOf)]);
    }

    private static string NameOf(string folder) => Generation.Models.ModelName.Of(folder);
}
