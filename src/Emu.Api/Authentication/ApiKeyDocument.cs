using System.Text.Json;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Authentication;

/// <summary>The stored form of a server's keys, wherever it is stored.</summary>
/// <param name="Version">The version of the form.</param>
/// <param name="Keys">The keys.</param>
internal sealed record ApiKeyDocument(int Version, IReadOnlyList<ApiKey> Keys)
{
    private const int CurrentVersion = 1;

    /// <summary>Reads keys.</summary>
    /// <exception cref="InvalidDataException">It is of another version, or damaged.</exception>
    public static IReadOnlyList<ApiKey> Read(ReadOnlySpan<byte> content, string place)
    {
        try
        {
            var stored = JsonSerializer.Deserialize<ApiKeyDocument>(content, PipelineJson.Options);
            return stored is { Version: CurrentVersion, Keys: { } keys }
                ? keys
                : throw new InvalidDataException($"'{place}' has version {stored?.Version}; this program reads version {CurrentVersion}.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{place}' is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Writes keys.</summary>
    public static byte[] Write(IReadOnlyList<ApiKey> keys) => JsonSerializer.SerializeToUtf8Bytes(new ApiKeyDocument(CurrentVersion, keys), PipelineJson.Options);

    /// <summary>Makes a key.</summary>
    /// <exception cref="ArgumentException">The name or the owner is not acceptable.</exception>
    public static CreatedApiKey Create(string name, string? owner, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(name) || TextLength.Exceeds(name, 64) || name.Any(char.IsControl))
        {
            throw new ArgumentException("A key's name has 1 to 64 characters, none of them a control character.", nameof(name));
        }

        if (owner is not null)
        {
            Owner.Validate(owner);
        }

        return ApiKeySecret.Create(name, owner, now);
    }

    /// <summary>The keys with one of them revoked.</summary>
    /// <returns>The keys and the revoked one; null if there is none of that id.</returns>
    public static (IReadOnlyList<ApiKey> Keys, ApiKey Revoked)? Revoke(IReadOnlyList<ApiKey> keys, string id, DateTimeOffset now)
    {
        ApiKey? revoked = null;
        var changed = keys.Select(key => key.Id == id ? revoked = key with { RevokedAt = key.RevokedAt ?? now } : key).ToArray();
        return revoked is null ? null : (changed, revoked);
    }
}
