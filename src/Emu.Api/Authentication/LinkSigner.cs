using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Emu.Api.Errors;
using Emu.Pipeline.Artifacts;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Authentication;

/// <summary>
/// Signs links with which one file can be downloaded without a key until a set time: HMAC-SHA256 over path, variant and expiry.
/// </summary>
public sealed class LinkSigner
{
    /// <summary>The signing key's length in bytes.</summary>
    public const int KeyBytes = 32;

    private readonly byte[] _key;
    private readonly TimeProvider _time;

    /// <summary>Creates a signer.</summary>
    /// <param name="key">The secret, <see cref="KeyBytes"/> bytes.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public LinkSigner(ReadOnlySpan<byte> key, TimeProvider time)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"A link-signing key has {KeyBytes} bytes, not {key.Length}.", nameof(key));
        }

        _key = key.ToArray();
        _time = time;
    }

    /// <summary>Signs a path.</summary>
    /// <param name="path">The path, from the root.</param>
    /// <param name="variant">Which of the files there; null for the main one.</param>
    /// <param name="expiresAt">Until when the link is good, to the second.</param>
    /// <returns>Path and query of the link.</returns>
    public string Sign(string path, string? variant, DateTimeOffset expiresAt)
    {
        var expires = expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var query = variant is null ? string.Empty : $"variant={Uri.EscapeDataString(variant)}&";
        return $"{path}?{query}expires={expires}&signature={Base64Url.EncodeToString(Signature(path, variant ?? string.Empty, expires))}";
    }

    /// <summary>Whether a request presents a signed link, good or not.</summary>
    public static bool IsSigned(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Query.ContainsKey("signature");
    }

    /// <summary>Lets a request pass whose link is good.</summary>
    /// <exception cref="ApiException">403: it is not, or no longer.</exception>
    public void Check(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var expires = request.Query["expires"].ToString();
        Span<byte> presented = stackalloc byte[SHA256.HashSizeInBytes];
        var signature = request.Query["signature"].ToString();
        var good = Base64Url.IsValid(signature, out var length)
            && length == SHA256.HashSizeInBytes
            && Base64Url.TryDecodeFromChars(signature, presented, out _)
            && CryptographicOperations.FixedTimeEquals(presented, Signature(request.Path, request.Query["variant"].ToString(), expires));
        if (!good)
        {
            throw new ApiException(StatusCodes.Status403Forbidden, "invalid_link", "The link's signature is wrong.", "signature");
        }

        if (long.Parse(expires, CultureInfo.InvariantCulture) <= _time.GetUtcNow().ToUnixTimeSeconds())
        {
            throw new ApiException(StatusCodes.Status403Forbidden, "expired_link", "The link has expired: ask for a new one.", "expires");
        }
    }

    private byte[] Signature(string? path, string variant, string expires) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{path}\n{variant}\n{expires}"));
}

/// <summary>The link-signing key in a data folder.</summary>
public static class LinkKeyFile
{
    /// <summary>The file's name in a data folder.</summary>
    public const string FileName = "link.key";

    /// <summary>Reads the key, making it the first time.</summary>
    /// <exception cref="InvalidDataException">The file does not hold a key.</exception>
    public static byte[] ReadOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        Directory.CreateDirectory(dataFolder);
        using var guard = SecretFile.Lock(path);
        if (!File.Exists(path))
        {
            SecretFile.Write(path, RandomNumberGenerator.GetBytes(LinkSigner.KeyBytes));
        }

        var key = File.ReadAllBytes(path);
        return key.Length == LinkSigner.KeyBytes
            ? key
            : throw new InvalidDataException($"'{path}' holds {key.Length} bytes, not a link-signing key of {LinkSigner.KeyBytes}. Remove it to make a new one; links given out before stop working.");
    }
}

/// <summary>The link-signing key in a store that several servers share.</summary>
public static class StoredLinkKey
{
    private const string Name = "link.key";

    /// <summary>Reads the key, making it the first time.</summary>
    /// <exception cref="InvalidDataException">What is stored is no key.</exception>
    /// <exception cref="ArtifactStoreException">The store failed.</exception>
    public static async Task<byte[]> ReadOrCreateAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (true)
        {
            if (await store.ReadAsync(Name, cancellationToken) is { } found)
            {
                return found.Content.Length == LinkSigner.KeyBytes
                    ? found.Content.ToArray()
                    : throw new InvalidDataException($"'{Name}' holds {found.Content.Length} bytes, not a link-signing key of {LinkSigner.KeyBytes}. Remove it to make a new one; links given out before stop working.");
            }

            await store.CreateAsync(Name, RandomNumberGenerator.GetBytes(LinkSigner.KeyBytes), cancellationToken);
        }
    }
}
