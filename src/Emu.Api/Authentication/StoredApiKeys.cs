using Emu.Pipeline.Artifacts;

namespace Emu.Api.Authentication;

/// <summary>
/// Keys, as hashes, in a store that several servers share. A server sees a change within <see cref="CheckInterval"/>; while it
/// cannot ask the store, it refuses every request, for a key may have been revoked meanwhile.
/// </summary>
/// <param name="store">The private store.</param>
/// <param name="time">The clock.</param>
public sealed class StoredApiKeys(IArtifactStore store, TimeProvider time) : IApiKeys, IDisposable
{
    private const string Name = "keys.json";
    private const int MaximumConflicts = 20;

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Seen? _seen;

    /// <summary>How old the keys may be by which a request is judged.</summary>
    public static TimeSpan CheckInterval { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    /// <exception cref="ArtifactStoreException">The store failed: the request must be refused.</exception>
    /// <exception cref="InvalidDataException">The stored keys are damaged, or of another version.</exception>
    public async ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        if (IsFresh(_seen))
        {
            return _seen!.Keys;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(_seen))
            {
                var asked = time.GetTimestamp();
                _seen = new Seen(await ReadAsync(cancellationToken), asked);
            }

            return _seen!.Keys;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Every key, read now.</summary>
    public async Task<IReadOnlyList<ApiKey>> ReadAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(Name, cancellationToken) is { } found ? ApiKeyDocument.Read(found.Content.Span, Name) : [];

    /// <summary>Makes a key.</summary>
    /// <param name="name">Its name: 1 to 64 characters, none of them a control character.</param>
    /// <param name="owner">Whose jobs it sees; null makes it an owner of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The name or the owner is not acceptable.</exception>
    public async Task<CreatedApiKey> CreateAsync(string name, string? owner, CancellationToken cancellationToken)
    {
        var created = ApiKeyDocument.Create(name, owner, time.GetUtcNow());
        await ChangeAsync(keys => [.. keys, created.Key], cancellationToken);
        return created;
    }

    /// <summary>Stores a key that was made elsewhere, unless a key was ever made: the first one of a server that nobody can log in to.</summary>
    /// <param name="secret">The key itself; at least 256 random bits in it.</param>
    /// <param name="name">Its name, as for <see cref="CreateAsync"/>.</param>
    /// <param name="owner">Whose jobs it sees.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was stored.</returns>
    /// <exception cref="ArgumentException">The name or the owner is not acceptable.</exception>
    public async Task<bool> StoreFirstAsync(string secret, string name, string owner, CancellationToken cancellationToken)
    {
        var template = ApiKeyDocument.Create(name, owner, time.GetUtcNow()).Key;
        var key = template with { Hash = ApiKeySecret.Hash(secret), Hint = secret[^4..] };
        var stored = false;
        await ChangeAsync(keys => (stored = keys.Count == 0) ? [key] : null, cancellationToken);
        return stored;
    }

    /// <summary>Revokes a key; it stays in the list.</summary>
    /// <returns>The key as it is now, or null if there is none of that id.</returns>
    public async Task<ApiKey?> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        ApiKey? revoked = null;
        await ChangeAsync(
            keys =>
            {
                var change = ApiKeyDocument.Revoke(keys, id, time.GetUtcNow());
                revoked = change?.Revoked;
                return change?.Keys;
            },
            cancellationToken);
        return revoked;
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private bool IsFresh(Seen? seen) => seen is not null && time.GetElapsedTime(seen.At) < CheckInterval;

    private async Task ChangeAsync(Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>?> change, CancellationToken cancellationToken)
    {
        for (var conflict = 0; conflict < MaximumConflicts; conflict++)
        {
            var found = await store.ReadAsync(Name, cancellationToken);
            if (change(found is null ? [] : ApiKeyDocument.Read(found.Content.Span, Name)) is not { } changed)
            {
                return;
            }

            var content = ApiKeyDocument.Write(changed);
            var written = found is null ? await store.CreateAsync(Name, content, cancellationToken) : await store.UpdateAsync(Name, content, found.ETag, cancellationToken);
            if (written is not null)
            {
                return;
            }
        }

        throw new ArtifactStoreException($"'{Name}' was changed by other processes {MaximumConflicts} times in a row.", retryable: true);
    }

    private sealed record Seen(IReadOnlyList<ApiKey> Keys, long At);
}
