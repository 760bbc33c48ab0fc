using System.Text.Json;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Versions;

/// <summary>The version of a store's data, kept in <c>store.json</c>.</summary>
/// <param name="upgrades">A step for every older version that can be brought up to date.</param>
/// <param name="current">The version this program writes.</param>
public sealed class StoreVersion(IReadOnlyList<IStoreUpgrade> upgrades, int current)
{
    /// <summary>The version this program writes.</summary>
    public const int Current = 1;

    private const string Name = "store.json";

    /// <summary>Creates it with this program's version and upgrades.</summary>
    public StoreVersion()
        : this([], Current)
    {
    }

    /// <summary>Brings a store up to date, step by step; a new store gets this program's version. For the store's owner.</summary>
    /// <exception cref="StoredDataVersionException">It was written by a newer program.</exception>
    /// <exception cref="ArtifactStoreException">The store failed, its version cannot be read, or no step leads on from it.</exception>
    public async Task BringUpToDateAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (true)
        {
            if (await ReadAsync(store, cancellationToken) is not var (version, etag))
            {
                if (await store.CreateAsync(Name, Write(current), cancellationToken) is not null)
                {
                    return;
                }

                continue;
            }

            if (version == current)
            {
                return;
            }

            var step = upgrades.FirstOrDefault(upgrade => upgrade.From == version)
                ?? throw new ArtifactStoreException($"The stored data has version {version}, which this program cannot bring up to date.", false);
            await step.ApplyAsync(store, cancellationToken);
            await store.UpdateAsync(Name, Write(version + 1), etag, cancellationToken);
        }
    }

    /// <summary>Refuses a store that is not of this program's version. For a process beside the owner.</summary>
    /// <exception cref="StoredDataVersionException">It was written by a newer program.</exception>
    /// <exception cref="ArtifactStoreException">The store failed, or its data is older: its owner brings it up to date.</exception>
    public async Task CheckAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await ReadAsync(store, cancellationToken) is var (version, _) && version != current)
        {
            throw new ArtifactStoreException($"The stored data has version {version}, and this program's is {current}. Start its server once to bring it up to date.", false);
        }
    }

    private async Task<(int Version, string ETag)?> ReadAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(Name, cancellationToken) is not { } content)
        {
            return null;
        }

        Content? read;
        try
        {
            read = JsonSerializer.Deserialize<Content>(content.Content.Span, PipelineJson.Options);
        }
        catch (JsonException exception)
        {
            throw new ArtifactStoreException($"'{Name}' is damaged: {exception.Message}", false, exception);
        }

        return read switch
        {
            null => throw new ArtifactStoreException($"'{Name}' is damaged: it is null.", false),
            { Version: var version } when version > current => throw new StoredDataVersionException(version, current),
            _ => (read.Version, content.ETag),
        };
    }

    private static byte[] Write(int version) => JsonSerializer.SerializeToUtf8Bytes(new Content(version), PipelineJson.Options);

    private sealed record Content(int Version);
}
