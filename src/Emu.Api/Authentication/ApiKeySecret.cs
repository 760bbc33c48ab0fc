using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Emu.Api.Authentication;

/// <summary>How keys are made and compared.</summary>
public static class ApiKeySecret
{
    private const string Prefix = "emu_";

    /// <summary>Makes a key with 256 random bits.</summary>
    /// <param name="name">What to call it.</param>
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

    /// <summary>Finds the key that was presented. Every stored key is looked at, each in constant time.</summary>
    /// <returns>The key, or null if there is none that is good.</returns>
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
