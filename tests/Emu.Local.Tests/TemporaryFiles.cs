namespace Emu.Local.Tests;

/// <summary>What the program itself left in a temporary folder; .NET's own diagnostic and lock files do not count.</summary>
internal static class TemporaryFiles
{
    public static string[] Of(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).OfType<string>()
            .Where(name => !name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) && !name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal) && name != ".dotnet")];
}
