namespace Emu.Pipeline.Versions;

/// <summary>Stored data was written by a newer program.</summary>
public sealed class StoredDataVersionException(int found, int known)
    : Exception($"The stored data has version {found}, and this program knows up to version {known}. Use the newer program; nothing was changed.")
{
    /// <summary>The data's version.</summary>
    public int Found { get; } = found;

    /// <summary>The newest version this program knows.</summary>
    public int Known { get; } = known;
}
