using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Versions;

/// <summary>The version of a store's data, kept in <c>store.json</c>.</summary>
public static class StoreVersion
{
    /// <summary>The version this program writes, and the only one it reads.</summary>
    public const int Current = 1;

    private const string Name = "store.json";

    /// <summary>Gives a new store this program's version, and refuses a store of another one. For the process that owns the store.</summary>
    /// <exception cref="StoredDataVersionException">It was written by a newer program.</exception>
    /// <exception cref="ArtifactStoreException">The store failed, its version is damaged, or it is older.</exception>
    public static async Task InitializeAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (!await CheckAsync(store, cancellationToken))
        {
            await store.CreateAsync(Name, ArtifactJson.Write(new Content(Current)), cancellationToken);
        }
    }

    /// <summary>Refuses a store of another version. For a process beside the owner.</summary>
    /// <returns>False if the store has no version yet.</returns>
    /// <exception cref="StoredDataVersionException">It was written by a newer program.</exception>
    /// <exception cref="ArtifactStoreException">The store failed, its version is damaged, or it is older.</exception>
    public static async Task<bool> CheckAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.ReadAsync(Name, cancellationToken) is not { } content)
        {
            return false;
        }

        return ArtifactJson.Read<Content>(Name, content.Content).Version switch
        {
            Current => true,
            > Current and var newer => throw new StoredDataVersionException(newer, Current),
            var older => throw new ArtifactStoreException($"The stored data has version {older}, which this program cannot bring up to date.", false),
        };
    }

    private sealed record Content(int Version);
}

/// <summary>Stored data was written by a newer program.</summary>
public sealed class StoredDataVersionException(int found, int known)
    : Exception($"The stored data has version {found}, and this program knows up to version {known}. Use the newer program; nothing was changed.")
{
    /// <summary>The data's version.</summary>
    public int Found { get; } = found;

    /// <summary>The newest version this program knows.</summary>
    public int Known { get; } = known;
}
