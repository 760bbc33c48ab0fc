namespace Emu.Pipeline.Artifacts;

/// <summary>Says how much room is left where something is stored.</summary>
public interface IFreeSpace
{
    /// <summary>Bytes still free for this user.</summary>
    /// <exception cref="ArtifactStoreException">The disk cannot be asked.</exception>
    long AvailableBytes { get; }
}
