using System.Runtime.CompilerServices;

namespace Emu.Diffusion.Tests;

/// <summary>Where tests find the shipped weights and the goldens.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Find();

    public static string StickerModel => Path.Combine(Root, "models", "sticker");

    public static string Golden(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Goldens", .. parts]);

    private static string Find([CallerFilePath] string file = "")
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EmuFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
    }
}
