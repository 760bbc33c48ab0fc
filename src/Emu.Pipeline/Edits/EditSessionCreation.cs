using System.Security.Cryptography;
using System.Text;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Edits;

/// <summary>
/// Begins sessions and adds versions. The job of a version is created before the session names it: if the process ends in between,
/// the same request with the same idempotency key finds the job and adds it.
/// </summary>
internal sealed class EditSessionCreation(IArtifactStore store, EditSessionRecords records, JobService jobs, IEditChecks? checks, JobServiceOptions options, TimeProvider time)
{
    public async Task<(EditSession Session, bool IsReplay)> CreateAsync(string owner, JobDraft draft, JobPictures pictures, CreateOptions how, CancellationToken cancellationToken)
    {
        var picture = pictures.Input ?? throw new InvalidJobException("image", "missing_required_parameter", "A session begins with a picture.");
        var claim = new EditSessionClaim(IdempotencyClaims.HashOf(draft, pictures), EditSessionId.New(time.GetUtcNow()), null);
        var claimName = how.IdempotencyKey is { } key ? EditSessionNames.Claim(owner, key) : null;
        claim = claimName is null ? claim : (await ClaimAsync(claimName, claim, cancellationToken)).Held;
        var session = await records.FindAsync(owner, claim.SessionId, cancellationToken);
        var isReplay = session is not null;
        try
        {
            session ??= await StoreAsync(owner, claim, claimName, draft, picture, cancellationToken);
            if (draft.Prompt.Length > 0 && session.Versions.Count == 0)
            {
                await StartAsync(session, draft, pictures, 1, how with { IdempotencyKey = $"{session.Id}.first" }, cancellationToken);
            }
        }
        catch (Exception) when (!isReplay)
        {
            // Nothing is left of a session that could not begin.
            await UndoAsync(owner, claim.SessionId, claimName);
            throw;
        }

        return (await records.FindAsync(owner, session.Id, cancellationToken) ?? throw new EditSessionNotFoundException(session.Id), isReplay);
    }

    /// <summary>Creates the job of another version.</summary>
    /// <returns>The job's id, and whether it is an earlier request's.</returns>
    public async Task<(string JobId, bool IsReplay)> AddAsync(EditSession session, JobDraft draft, JobPictures pictures, int? from, int current, CreateOptions how, CancellationToken cancellationToken)
    {
        if (from is { } asked && asked != 1 && session.Find(asked) is null)
        {
            throw new InvalidJobException("from", "invalid_value", $"The session has no version {asked}; it has 1 to {session.Versions.Count + 1}.");
        }

        if (how.IdempotencyKey is not { } key)
        {
            return await StartAsync(session, draft, pictures, from ?? current, how, cancellationToken);
        }

        var requested = draft with { Edit = (draft.Edit ?? new EditDraft()) with { Source = new EditSource(session.Id, from ?? 0) } };
        var name = EditSessionNames.Claim(session.Owner, key);
        var (held, isNew) = await ClaimAsync(name, new EditSessionClaim(IdempotencyClaims.HashOf(requested, pictures), session.Id, from ?? current), cancellationToken);
        how = how with { IdempotencyKey = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{session.Id} {key}"))) };
        try
        {
            return await StartAsync(session, draft, pictures, held.From ?? current, how, cancellationToken);
        }
        catch (Exception exception) when (isNew && exception is (InvalidJobException or JobConflictException or TooManyJobsException or StorageReserveException))
        {
            // A request that was refused does not use up its key.
            await store.DeleteAsync(name, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The picture of a version.</summary>
    /// <exception cref="JobConflictException"><c>version_not_completed</c>: it is not done.</exception>
    public async Task<InputPicture> ReadAsync(string owner, EditSession session, int number, CancellationToken cancellationToken)
    {
        var file = EditSessions.OriginalFile(session.Original);
        if (session.Find(number) is { } version)
        {
            try
            {
                file = await jobs.FindFileAsync(owner, version.JobId, EditRequestChecks.LosslessFormat, cancellationToken);
            }
            catch (Exception exception) when (exception is JobConflictException or JobNotFoundException)
            {
                throw new JobConflictException("version_not_completed", $"Version {number} is not done, so it cannot be used. Wait for it, or name another one.");
            }
        }

        var content = await store.ReadAsync(file.Artifact, cancellationToken) ?? throw new EditSessionNotFoundException(session.Id, number);
        return new InputPicture(content.Content, Path.GetExtension(file.Artifact).TrimStart('.'), file.Media is { } media ? new FrameSize(media.Width, media.Height) : null);
    }

    private async Task<(string JobId, bool IsReplay)> StartAsync(EditSession session, JobDraft draft, JobPictures pictures, int from, CreateOptions how, CancellationToken cancellationToken)
    {
        var input = await ReadAsync(session.Owner, session, from, cancellationToken);
        var sourced = draft with { Edit = (draft.Edit ?? new EditDraft()) with { Source = new EditSource(session.Id, from) } };
        var created = await jobs.CreateFromAsync(session.Owner, sourced, pictures with { Input = input }, how, cancellationToken);
        var id = created.Job.Record.Id;
        var changed = await records.ChangeAsync(session.Owner, session.Id, current => Add(current, from, id), cancellationToken);
        if (changed is null)
        {
            await jobs.DeleteAsync(session.Owner, id, CancellationToken.None);
            throw new EditSessionNotFoundException(session.Id);
        }

        return (id, created.IsReplay);
    }

    private EditSession? Add(EditSession session, int from, string job)
    {
        if (session.Versions.Any(version => version.JobId == job))
        {
            return null;
        }

        var number = session.Versions.Count + 2;
        return session with { Versions = [.. session.Versions, new EditVersion(number, from, job)], Current = number, ExpiresAt = time.GetUtcNow() + options.Retention };
    }

    private async Task<EditSession> StoreAsync(string owner, EditSessionClaim claim, string? claimName, JobDraft draft, InputPicture picture, CancellationToken cancellationToken)
    {
        JobRequestChecks.CheckMetadata(draft.Metadata);
        if (checks is not null)
        {
            await checks.CheckPictureAsync(picture, cancellationToken);
        }

        if (jobs.Reserve.Shortage() is { } shortage)
        {
            throw shortage;
        }

        var (id, now) = (claim.SessionId, time.GetUtcNow());
        var artifact = EditSessionNames.Original(owner, id, picture.Extension);
        await store.WriteAsync(artifact, (stream, token) => stream.WriteAsync(picture.Content, token).AsTask(), cancellationToken);
        var size = picture.Size ?? throw new InvalidOperationException("The picture's validator did not say its size.");
        var session = new EditSession
        {
            Id = id,
            Owner = owner,
            CreatedAt = EditSessionId.CreatedAt(id),
            ExpiresAt = now + options.Retention,
            Original = new EditOriginal(artifact, MediaTypes.OfName(artifact), picture.Content.Length, Convert.ToHexStringLower(SHA256.HashData(picture.Content.Span)), size),
            Metadata = draft.Metadata.Count > 0 ? draft.Metadata : null,
            Claim = claimName,
        };
        await records.CreateAsync(session, cancellationToken);
        return session;
    }

    private async Task<(EditSessionClaim Held, bool IsNew)> ClaimAsync(string name, EditSessionClaim claim, CancellationToken cancellationToken)
    {
        var isNew = await store.CreateAsync(name, ArtifactJson.Write(claim), cancellationToken) is not null;
        var content = await store.ReadAsync(name, cancellationToken) ?? throw new ArtifactStoreException($"'{name}' vanished while it was read. Try again.", true);
        var held = ArtifactJson.Read<EditSessionClaim>(name, content.Content);
        return held.BodyHash == claim.BodyHash ? (held, isNew) : throw new IdempotencyMismatchException();
    }

    // Not cancellable: half of a session would stay until it expires.
    private async Task UndoAsync(string owner, string id, string? claim)
    {
        try
        {
            await EditSessionRetention.RemoveAsync(store, owner, id, claim, CancellationToken.None);
        }
        catch (ArtifactStoreException)
        {
            // The store is what failed. Retention removes what is left.
        }
    }
}
