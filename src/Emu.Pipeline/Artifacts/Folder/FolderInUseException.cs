namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>Another process owns the data folder.</summary>
public sealed class FolderInUseException(string folder, Exception innerException)
    : Exception($"The data folder '{folder}' is in use by another process. Stop that one, or name another folder.", innerException)
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;
}
