namespace Emu.Local.Jobs;

/// <summary>The folder that a job's artifacts lie in while it runs; removed at the end.</summary>
internal sealed class TemporaryJobFolder : IDisposable
{
    /// <summary>The full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("emu-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
