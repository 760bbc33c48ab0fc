using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Emu.Api.Authentication;

/// <summary>The stored part of an API key: everything but the key itself.</summary>
/// <param name="Id">Its id, <c>key_…</c>; not secret.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Whose jobs it sees; keys of one owner see the same jobs.</param>
/// <param name="Hash">The SHA-256 of the key, lower-case hexadecimal. A key holds 256 random bits, so that no slow hash is needed.</param>
/// <param name="Hint">The key's last four characters, to distinguish keys.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null while it is valid.</param>
public sealed record ApiKey(string Id, string Name, string Owner, string Hash, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt = null);

/// <summary>A new key: only now can the key itself be seen.</summary>
/// <param name="Key">Its stored part.</param>
/// <param name="Secret">The key itself, <c>emu_…</c>.</param>
public sealed record CreatedApiKey(ApiKey Key, string Secret);

/// <summary>The keys that a host knows: a file on one machine, a vault in a cloud.</summary>
public interface IApiKeys
{
    /// <summary>Every key that was ever made, revoked ones too. Where there is none, requests need none.</summary>
    ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>How keys are made and compared.</summary>
public static class ApiKeySecret
{
    private const string Prefix = "emu_";

    /// <summary>Makes a key with 256 random bits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="owner">Whose jobs it sees; null makes it an owner of its own.</param>
    /// <param name="now">The time.</param>
    public static CreatedApiKey Create(string name, string? owner, DateTimeOffset now)
    {
        var id = "key_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return new CreatedApiKey(new ApiKey(id, name, owner ?? id, Hash(secret), secret[^4..], now), secret);
    }

    /// <summary>The stored form of a key: SHA-256, lower-case hexadecimal.</summary>
    public static string Hash(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }

    /// <summary>Finds the key that was presented. Every stored key is compared, each in constant time.</summary>
    /// <returns>The key, or null if it is unknown or revoked.</returns>
    public static ApiKey? Find(IReadOnlyList<ApiKey> keys, string secret)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> presented = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), presented);
        ApiKey? found = null;
        for (var index = 0; index < keys.Count; index++)
        {
            if (Convert.FromHexString(keys[index].Hash, stored, out _, out var written) == System.Buffers.OperationStatus.Done
                && CryptographicOperations.FixedTimeEquals(presented, stored[..written])
                && keys[index].RevokedAt is null)
            {
                found = keys[index];
            }
        }

        return found;
    }
}
