using Emu.Local.Models;

namespace Emu.Local.Tests;

/// <summary>The shipped model package, for tests that damage a copy of it.</summary>
internal static class StickerPackage
{
    public static string Folder => ModelLocator.Find(null);

    public static void CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
