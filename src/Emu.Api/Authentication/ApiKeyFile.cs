using Emu.Pipeline.Jobs;

namespace Emu.Api.Authentication;

/// <summary>
/// Keys in a file of a data folder, as hashes. A running server sees what <c>emu keys</c> changes within a second.
/// </summary>
/// <param name="path">The file; it is there once a key was made.</param>
/// <param name="time">The clock.</param>
public sealed class ApiKeyFile(string path, TimeProvider time) : IApiKeys
{
    /// <summary>The file's name in a data folder.</summary>
    public const string FileName = "keys.json";

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _reading = new();
    private IReadOnlyList<ApiKey> _known = [];
    private (DateTime Written, long Length) _seen;
    private long _checkedAt;
    private bool _isRead;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file cannot be read as keys: every request is refused until it can.</exception>
    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_reading)
        {
            if (!_isRead || time.GetElapsedTime(_checkedAt) >= CheckInterval)
            {
                var file = new FileInfo(path);
                var now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
                if (!_isRead || now != _seen)
                {
                    _known = Read();
                    _seen = now;
                }

                _isRead = true;
                _checkedAt = time.GetTimestamp();
            }

            return ValueTask.FromResult(_known);
        }
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">Its name: 1 to 64 characters, none of them a control character.</param>
    /// <param name="owner">Whose jobs it sees (<see cref="Owner.Validate"/>); null makes it an owner of its own.</param>
    /// <exception cref="ArgumentException">The name or the owner is not acceptable.</exception>
    public CreatedApiKey Create(string name, string? owner)
    {
        var created = ApiKeyDocument.Create(name, owner, time.GetUtcNow());
        Change(keys => [.. keys, created.Key]);
        return created;
    }

    /// <summary>Revokes a key; it stays in the list.</summary>
    /// <param name="id">The key's id.</param>
    /// <returns>The key as it is now, or null if there is none of that id.</returns>
    public ApiKey? Revoke(string id)
    {
        ApiKey? revoked = null;
        Change(keys =>
        {
            var change = ApiKeyDocument.Revoke(keys, id, time.GetUtcNow());
            revoked = change?.Revoked;
            return change?.Keys;
        });
        return revoked;
    }

    /// <summary>Every key, read now.</summary>
    public IReadOnlyList<ApiKey> Read()
    {
        try
        {
            return ApiKeyDocument.Read(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private void Change(Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>?> change)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var guard = SecretFile.Lock(path);
        if (change(Read()) is { } changed)
        {
            SecretFile.Write(path, ApiKeyDocument.Write(changed));
        }
    }
}
