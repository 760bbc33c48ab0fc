namespace Emu.Bench;

/// <summary>A folder for a benchmark's data, removed at its end. Its volume decides what a disk flush costs: TMPDIR chooses it.</summary>
internal sealed class BenchFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("emu-bench-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
