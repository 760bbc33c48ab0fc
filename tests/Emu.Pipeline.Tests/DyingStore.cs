using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Tests;

/// <summary>A store that a process loses after a number of changes, as if it had been killed: nothing works from then on.</summary>
internal sealed class DyingStore(IArtifactStore inner, int changes) : IArtifactStore
{
    private int _left = changes;

    /// <summary>Whether it has died.</summary>
    public bool IsDead => _left < 0;

    public Task<ArtifactInfo?> FindAsync(string name, CancellationToken cancellationToken) => Alive().FindAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(string name, CancellationToken cancellationToken) => Alive().OpenReadAsync(name, cancellationToken);

    public Task<ArtifactContent?> ReadAsync(string name, CancellationToken cancellationToken) => Alive().ReadAsync(name, cancellationToken);

    public Task<ArtifactInfo> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => Changing().WriteAsync(name, write, cancellationToken);

    public Task<ArtifactInfo?> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Changing().CreateAsync(name, content, cancellationToken);

    public Task<ArtifactInfo?> UpdateAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) => Changing().UpdateAsync(name, content, etag, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => Changing().DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<ArtifactInfo> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken) => Alive().ListAsync(prefix, startAfter, cancellationToken);

    private IArtifactStore Changing()
    {
        _left--;
        return Alive();
    }

    private IArtifactStore Alive() => IsDead ? throw new ArtifactStoreException("killed", true) : inner;
}
