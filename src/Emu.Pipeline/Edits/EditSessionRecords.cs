using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Edits;

/// <summary>Where the artifacts of sessions lie in the store.</summary>
public static class EditSessionNames
{
    /// <summary>Every session.</summary>
    public const string Sessions = "sessions/";

    /// <summary>Idempotency claims of sessions.</summary>
    public const string Claims = "session-claims/";

    private const string RecordFile = "/session.json";

    /// <summary>An owner's sessions.</summary>
    public static string Of(string owner) => $"{Sessions}{owner}/";

    /// <summary>A session's own artifacts; sorts the newest first.</summary>
    public static string Folder(string owner, string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{Sessions}{owner}/{JobId.MaximumMilliseconds - EditSessionId.Milliseconds(id):x12}-{id}");

    /// <summary>A session's record.</summary>
    public static string Record(string owner, string id) => Folder(owner, id) + RecordFile;

    /// <summary>The picture that a session begins with.</summary>
    public static string Original(string owner, string id, string extension) => $"{Folder(owner, id)}/original.{extension}";

    /// <summary>The claim of an owner's idempotency key.</summary>
    public static string Claim(string owner, string key) => $"{Claims}{owner}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";

    /// <summary>The owner and the id of a record's artifact; null if it is none.</summary>
    public static (string Owner, string Id)? TryRead(string artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var parts = artifact.Split('/');
        return parts.Length == 4 && artifact.EndsWith(RecordFile, StringComparison.Ordinal) && parts[2].Split('-', 2) is [_, var id] && EditSessionId.IsValid(id)
            ? (parts[1], id)
            : null;
    }
}

/// <summary>The claim of an idempotency key, created only if absent.</summary>
/// <param name="BodyHash">The request's hash, 64 hexadecimal digits.</param>
/// <param name="SessionId">The session that the request begins or continues.</param>
/// <param name="From">The version that an instruction is for: fixed with the claim, as the session's current one changes.</param>
public sealed record EditSessionClaim(string BodyHash, string SessionId, int? From);

/// <summary>Reads and changes the records of sessions, always under their ETag.</summary>
/// <param name="store">The artifacts.</param>
public sealed class EditSessionRecords(IArtifactStore store)
{
    /// <summary>A session's record, or null if the owner has none of that id.</summary>
    /// <exception cref="ArtifactStoreException">It is damaged or was written by a newer program, or the store failed.</exception>
    public async Task<EditSession?> FindAsync(string owner, string id, CancellationToken cancellationToken) =>
        EditSessionId.IsValid(id) && await store.ReadAsync(EditSessionNames.Record(owner, id), cancellationToken) is { } content ? Read(owner, id, content) : null;

    /// <summary>Stores a new record.</summary>
    /// <returns>False if there is one of that id.</returns>
    public async Task<bool> CreateAsync(EditSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await store.CreateAsync(EditSessionNames.Record(session.Owner, session.Id), ArtifactJson.Write(session), cancellationToken) is not null;
    }

    /// <summary>Changes a record; <paramref name="change"/> is called again if another writer changed it meanwhile.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="id">The session.</param>
    /// <param name="change">Gets the current record and returns the new one, or null to change nothing.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The record afterwards; null if there is none.</returns>
    public async Task<EditSession?> ChangeAsync(string owner, string id, Func<EditSession, EditSession?> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var name = EditSessionNames.Record(owner, id);
        while (true)
        {
            if (await store.ReadAsync(name, cancellationToken) is not { } content)
            {
                return null;
            }

            var current = Read(owner, id, content);
            if (change(current) is not { } changed)
            {
                return current;
            }

            if (await store.UpdateAsync(name, ArtifactJson.Write(changed), content.ETag, cancellationToken) is not null)
            {
                return changed;
            }
        }
    }

    /// <summary>The ids of an owner's sessions, the newest first.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="after">The id after which the listing begins; from the beginning if null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async IAsyncEnumerable<string> ListAsync(string owner, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = after is null ? null : EditSessionNames.Record(owner, after);
        await foreach (var artifact in store.ListAsync(EditSessionNames.Of(owner), start, cancellationToken))
        {
            if (EditSessionNames.TryRead(artifact.Name) is { } found)
            {
                yield return found.Id;
            }
        }
    }

    private static EditSession Read(string owner, string id, ArtifactContent content)
    {
        var name = EditSessionNames.Record(owner, id);
        var session = ArtifactJson.Read<EditSession>(name, content.Content);
        return session.Format > EditSession.CurrentFormat
            ? throw new ArtifactStoreException($"'{name}' has version {session.Format}, and this program knows up to {EditSession.CurrentFormat}. Use a newer program.", false)
            : session.Id == id && session.Owner == owner ? session
            : throw new ArtifactStoreException($"'{name}' is damaged: it is the record of '{session.Id}' of the owner '{session.Owner}'.", false);
    }
}
