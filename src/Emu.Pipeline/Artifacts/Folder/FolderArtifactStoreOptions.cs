namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>How a folder store behaves.</summary>
public sealed record FolderArtifactStoreOptions
{
    /// <summary>
    /// Whether every file is forced to the disk before it counts. Without it (the default) everything survives the process's
    /// end at any moment, but not the loss of power.
    /// </summary>
    public bool FlushToDisk { get; init; }
}
