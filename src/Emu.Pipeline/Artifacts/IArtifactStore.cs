namespace Emu.Pipeline.Artifacts;

/// <summary>
/// Stores artifacts: in a folder or a blob container. Names are relative, with <c>/</c> between their parts
/// (<c>jobs/{id}/keyframe.png</c>). Every write is whole or not at all.
/// </summary>
/// <remarks>
/// Errors: <see cref="ArtifactNotFoundException"/>; <see cref="ArtifactStoreException"/> for a full disk, a lost connection or
/// any other failure of the store, with <see cref="ArtifactStoreException.Retryable"/> saying whether trying again may help;
/// <see cref="ArgumentException"/> for an invalid name.
/// </remarks>
public interface IArtifactStore
{
    /// <summary>An artifact's length, ETag and time, or null if there is none.</summary>
    Task<ArtifactInfo?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens an artifact; the stream is seekable and reads on demand.</summary>
    Task<Stream> OpenReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads a small artifact whole, with its ETag; null if there is none.</summary>
    Task<ArtifactContent?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes unconditionally, replacing what is there; <paramref name="write"/> fills the stream it is given.</summary>
    Task<ArtifactInfo> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Writes only if nothing is there.</summary>
    /// <returns>Null if something is there already: then nothing was changed.</returns>
    Task<ArtifactInfo?> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Replaces only the version with the given ETag.</summary>
    /// <returns>Null if it is gone or another version: then nothing was changed.</returns>
    Task<ArtifactInfo?> UpdateAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken);

    /// <summary>Removes an artifact.</summary>
    /// <returns>False if there was none.</returns>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names under a prefix, in ordinal order, after <paramref name="startAfter"/> if it is given.</summary>
    IAsyncEnumerable<ArtifactInfo> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken);

    /// <summary>How many artifacts there are under a prefix, counted up to <paramref name="limit"/>. A store may count without reading each artifact's properties.</summary>
    async Task<int> CountAsync(string prefix, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var count = 0;
        await foreach (var _ in ListAsync(prefix, null, cancellationToken))
        {
            if (++count >= limit)
            {
                break;
            }
        }

        return count;
    }
}

/// <summary>An artifact's properties.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ETag">Its version; changes with every write.</param>
/// <param name="LastModified">When it was written, UTC.</param>
public sealed record ArtifactInfo(string Name, long Length, string ETag, DateTimeOffset LastModified);

/// <summary>The whole content of a small artifact.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">The version that was read.</param>
public sealed record ArtifactContent(ReadOnlyMemory<byte> Content, string ETag);

/// <summary>Measures the free space of a store's disk.</summary>
public interface IFreeSpace
{
    /// <summary>Bytes that this user may still write.</summary>
    /// <exception cref="ArtifactStoreException">The free space cannot be read.</exception>
    long AvailableBytes { get; }
}

/// <summary>A store failed: full, unreachable, or refusing.</summary>
public sealed class ArtifactStoreException(string message, bool retryable, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the same call may succeed later.</summary>
    public bool Retryable { get; } = retryable;
}

/// <summary>There is no artifact of that name.</summary>
public sealed class ArtifactNotFoundException(string name) : Exception($"There is no artifact '{name}'.")
{
    /// <summary>The name that was asked for.</summary>
    public string Name { get; } = name;
}
