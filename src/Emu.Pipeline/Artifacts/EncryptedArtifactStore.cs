using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Emu.Pipeline.Artifacts;

/// <summary>
/// A store whose artifacts are encrypted in another one: AES-256-GCM, each bound to its name, so that one cannot be passed off as
/// another. For small artifacts. Names and lengths are not hidden.
/// </summary>
public sealed class EncryptedArtifactStore : IArtifactStore
{
    /// <summary>The key's length in bytes.</summary>
    public const int KeyBytes = 32;

    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Overhead = 1 + NonceBytes + TagBytes;

    private readonly IArtifactStore _store;
    private readonly byte[] _key;

    /// <summary>Creates the store.</summary>
    /// <param name="store">Where the encrypted artifacts are.</param>
    /// <param name="key">The key, <see cref="KeyBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public EncryptedArtifactStore(IArtifactStore store, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"The key has {key.Length} bytes, not {KeyBytes}.", nameof(key));
        }

        _store = store;
        _key = key.ToArray();
    }

    /// <inheritdoc/>
    public async Task<ArtifactInfo?> FindAsync(string name, CancellationToken cancellationToken) => Shown(await _store.FindAsync(name, cancellationToken));

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string name, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(name, cancellationToken) ?? throw new ArtifactNotFoundException(name);
        return new MemoryStream(content.Content.ToArray(), writable: false);
    }

    /// <inheritdoc/>
    /// <exception cref="ArtifactStoreException">Not retryable: it was encrypted with another key, or was changed.</exception>
    public async Task<ArtifactContent?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await _store.ReadAsync(name, cancellationToken) is { } found ? found with { Content = Decrypt(name, found.Content.Span) } : null;

    /// <inheritdoc/>
    public async Task<ArtifactInfo> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var plain = new MemoryStream();
        await write(plain, cancellationToken);
        var encrypted = Encrypt(name, plain.ToArray());
        return Shown(await _store.WriteAsync(name, (stream, token) => stream.WriteAsync(encrypted, token).AsTask(), cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<ArtifactInfo?> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Shown(await _store.CreateAsync(name, Encrypt(name, content.Span), cancellationToken));

    /// <inheritdoc/>
    public async Task<ArtifactInfo?> UpdateAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        Shown(await _store.UpdateAsync(name, Encrypt(name, content.Span), etag, cancellationToken));

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => _store.DeleteAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactInfo> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var info in _store.ListAsync(prefix, startAfter, cancellationToken))
        {
            yield return Shown(info)!;
        }
    }

    /// <inheritdoc/>
    public Task<int> CountAsync(string prefix, int limit, CancellationToken cancellationToken) => _store.CountAsync(prefix, limit, cancellationToken);

    private static ArtifactInfo? Shown(ArtifactInfo? info) => info is null ? null : info with { Length = Math.Max(0, info.Length - Overhead) };

    private byte[] Encrypt(string name, ReadOnlySpan<byte> plain)
    {
        var encrypted = new byte[Overhead + plain.Length];
        encrypted[0] = Version;
        var nonce = encrypted.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(nonce, plain, encrypted.AsSpan(Overhead), encrypted.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(name));
        return encrypted;
    }

    private byte[] Decrypt(string name, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length < Overhead || encrypted[0] != Version)
        {
            throw new ArtifactStoreException($"'{name}' is not encrypted, or by a newer program.", retryable: false);
        }

        var plain = new byte[encrypted.Length - Overhead];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(encrypted.Slice(1, NonceBytes), encrypted[Overhead..], encrypted.Slice(1 + NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(name));
            return plain;
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new ArtifactStoreException($"'{name}' cannot be decrypted: it was encrypted with another key, or was changed.", retryable: false, exception);
        }
    }
}
