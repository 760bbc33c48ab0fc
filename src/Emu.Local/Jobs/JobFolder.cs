namespace Emu.Local.Jobs;

/// <summary>The folder that a job's artifacts lie in: one that the user named and keeps, or a temporary one, removed at the end.</summary>
internal sealed class JobFolder : IDisposable
{
    private readonly bool _isTemporary;

    /// <summary>Creates the folder.</summary>
    /// <param name="keep">The folder to keep; null for a temporary one.</param>
    public JobFolder(string? keep)
    {
        _isTemporary = keep is null;
        Path = keep is null ? Directory.CreateTempSubdirectory("emu-").FullName : Directory.CreateDirectory(keep).FullName;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isTemporary)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
