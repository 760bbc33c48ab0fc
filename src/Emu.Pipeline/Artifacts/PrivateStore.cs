using System.Security.Cryptography;
using Emu.Pipeline.Artifacts.Blob;

namespace Emu.Pipeline.Artifacts;

/// <summary>
/// The container of what servers that work together share beside jobs: API keys, the link-signing key, webhook endpoints, their
/// secrets and deliveries. It is encrypted with a key that only the servers have.
/// </summary>
public static class PrivateStore
{
    private const string Probe = "probe";

    /// <summary>Reads a key from text: 32 bytes as Base64.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static byte[] ReadKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var key = new byte[EncryptedArtifactStore.KeyBytes + 1];
        return Convert.TryFromBase64String(text, key, out var length) && length == EncryptedArtifactStore.KeyBytes
            ? key[..length]
            : throw new FormatException($"It is no key of {EncryptedArtifactStore.KeyBytes} bytes as Base64.");
    }

    /// <summary>Opens the container <c>{hub}-private</c>, creating it if there is none.</summary>
    /// <param name="storage">A storage connection string, or an account's blob address.</param>
    /// <param name="hub">What the servers share.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OtherKeyException">It is encrypted with another key.</exception>
    /// <exception cref="ArtifactStoreException">The storage does not answer or refuses.</exception>
    public static async Task<EncryptedArtifactStore> OpenAsync(string storage, string hub, byte[] key, CancellationToken cancellationToken)
    {
        var container = await BlobArtifactStore.OpenAsync(storage, $"{hub}-private", null, cancellationToken);
        var store = new EncryptedArtifactStore(container, key);
        await CheckKeyAsync(store, cancellationToken);
        return store;
    }

    private static async Task CheckKeyAsync(EncryptedArtifactStore store, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.ReadAsync(Probe, cancellationToken) is null)
            {
                await store.CreateAsync(Probe, RandomNumberGenerator.GetBytes(16), cancellationToken);
                await store.ReadAsync(Probe, cancellationToken);
            }
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            throw new OtherKeyException(exception);
        }
    }
}

/// <summary>The private container is encrypted with another key.</summary>
public sealed class OtherKeyException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OtherKeyException(Exception? innerException = null)
        : base("What the servers share was encrypted with another key.", innerException)
    {
    }
}
