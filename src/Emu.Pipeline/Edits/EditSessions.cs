using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Edits;

/// <summary>
/// Sessions of edits: a picture, and versions that jobs make of each other. What is stored is the picture and which job made which
/// version; the rest is in the jobs.
/// </summary>
/// <exception cref="EditSessionNotFoundException">From every member with an id: the owner has no such session or version.</exception>
/// <exception cref="ArtifactStoreException">From every member: the store failed.</exception>
public sealed class EditSessions
{
    private readonly IArtifactStore _store;
    private readonly JobService _jobs;
    private readonly EditSessionRecords _records;
    private readonly EditSessionCreation _creation;

    /// <summary>Creates the service.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="jobs">The jobs that make versions.</param>
    /// <param name="checks">Checks pictures; null where jobs are only queued.</param>
    /// <param name="options">How long sessions are kept.</param>
    /// <param name="time">The clock.</param>
    public EditSessions(IArtifactStore store, JobService jobs, IEditChecks? checks = null, JobServiceOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(jobs);
        _store = store;
        _jobs = jobs;
        _records = new EditSessionRecords(store);
        _creation = new EditSessionCreation(store, _records, jobs, checks, options ?? new JobServiceOptions(), time ?? TimeProvider.System);
    }

    /// <summary>Begins a session, with its first instruction if there is one.</summary>
    /// <param name="owner">The session's owner.</param>
    /// <param name="draft">The first instruction, and the session's notes; without a prompt the session has its original only.</param>
    /// <param name="pictures">The picture, and the first instruction's mask and background.</param>
    /// <param name="options">Idempotency key and limit.</param>
    /// <param name="cancellationToken">Stops; nothing is left then, or what is left is completed by the same request.</param>
    /// <returns>The session, and whether it is an earlier request's.</returns>
    /// <exception cref="InvalidJobException">The picture or the instruction is not accepted. Nothing was stored.</exception>
    /// <exception cref="IdempotencyMismatchException">The key was used for another request.</exception>
    public async Task<(EditSessionSnapshot Session, bool IsReplay)> CreateAsync(string owner, JobDraft draft, JobPictures pictures, CreateOptions options, CancellationToken cancellationToken)
    {
        Owner.Validate(owner);
        var (session, isReplay) = await _creation.CreateAsync(owner, draft, pictures, options, cancellationToken);
        return (await SnapshotAsync(session, cancellationToken), isReplay);
    }

    /// <summary>Makes another version.</summary>
    /// <param name="owner">The session's owner.</param>
    /// <param name="id">The session.</param>
    /// <param name="draft">The instruction.</param>
    /// <param name="pictures">Its mask and background; the picture is the version's.</param>
    /// <param name="from">The version that is edited; the current one if null.</param>
    /// <param name="options">Idempotency key and limit.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The version, and whether it is an earlier request's.</returns>
    /// <exception cref="InvalidJobException">The instruction is not accepted. Nothing was stored.</exception>
    /// <exception cref="JobConflictException"><c>version_not_completed</c>: the version that is to be edited is not done.</exception>
    /// <exception cref="IdempotencyMismatchException">The key was used for another request.</exception>
    public async Task<(EditVersionSnapshot Version, bool IsReplay)> AddAsync(string owner, string id, JobDraft draft, JobPictures pictures, int? from, CreateOptions options, CancellationToken cancellationToken)
    {
        var current = from is null ? (await GetAsync(owner, id, cancellationToken)).Current : 0;
        var session = await RecordAsync(owner, id, cancellationToken);
        var (job, isReplay) = await _creation.AddAsync(session, draft, pictures, from, current, options, cancellationToken);
        return (await VersionOfJobAsync(owner, id, job, cancellationToken), isReplay);
    }

    /// <summary>A session at this moment.</summary>
    public async Task<EditSessionSnapshot> GetAsync(string owner, string id, CancellationToken cancellationToken) =>
        await SnapshotAsync(await RecordAsync(owner, id, cancellationToken), cancellationToken);

    /// <summary>A version at this moment.</summary>
    public async Task<EditVersionSnapshot> GetVersionAsync(string owner, string id, int? number, CancellationToken cancellationToken)
    {
        var session = await GetAsync(owner, id, cancellationToken);
        return session.Versions.ElementAtOrDefault((number ?? session.Current) - 1) ?? throw new EditSessionNotFoundException(id, number);
    }

    /// <summary>A page of an owner's sessions, the newest first.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="limit">How many at most, 1 to <see cref="JobQuery.MaximumLimit"/>.</param>
    /// <param name="after">The id that the page begins after; from the beginning if null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidJobException">The limit is out of range, or <paramref name="after"/> is no session's id.</exception>
    public async Task<(IReadOnlyList<EditSessionSnapshot> Sessions, bool HasMore)> ListAsync(string owner, int limit, string? after, CancellationToken cancellationToken)
    {
        Owner.Validate(owner);
        if (limit is < 1 or > JobQuery.MaximumLimit)
        {
            throw new InvalidJobException("limit", "invalid_value", $"The limit must be from 1 to {JobQuery.MaximumLimit}.");
        }

        if (after is not null && !EditSessionId.IsValid(after))
        {
            throw new InvalidJobException("after", "invalid_value", $"'{TextLength.Shorten(after, 60)}' is no id of a session.");
        }

        var sessions = new List<EditSessionSnapshot>();
        await foreach (var id in _records.ListAsync(owner, after, cancellationToken))
        {
            if (sessions.Count == limit)
            {
                return (sessions, true);
            }

            if (await _records.FindAsync(owner, id, cancellationToken) is { } session)
            {
                sessions.Add(await SnapshotAsync(session, cancellationToken));
            }
        }

        return (sessions, false);
    }

    /// <summary>Goes back to the version that the current one was made from. A current one that is not done is cancelled; no version is lost.</summary>
    /// <exception cref="JobConflictException"><c>nothing_to_undo</c>: the current version is the original.</exception>
    public async Task<EditSessionSnapshot> UndoAsync(string owner, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var seen = await GetAsync(owner, id, cancellationToken);
            if (seen.Session.Find(seen.Current) is not { } version)
            {
                throw new JobConflictException("nothing_to_undo", "The current version is the original: there is nothing to undo.");
            }

            if (seen.Versions[seen.Current - 1].Status is JobStatus.Queued or JobStatus.InProgress)
            {
                await _jobs.CancelAsync(owner, version.JobId, cancellationToken);
            }

            var undone = false;
            var session = await _records.ChangeAsync(owner, id, current => (undone = current.Current == seen.Session.Current) ? current with { Current = version.From } : null, cancellationToken)
                ?? throw new EditSessionNotFoundException(id);
            if (undone)
            {
                return await SnapshotAsync(session, cancellationToken);
            }
        }
    }

    /// <summary>Deletes a session with every version, in any state. The record goes last, so that an interrupted deletion can be asked for again.</summary>
    public async Task DeleteAsync(string owner, string id, CancellationToken cancellationToken)
    {
        var session = await RecordAsync(owner, id, cancellationToken);
        foreach (var version in session.Versions)
        {
            try
            {
                await _jobs.DeleteAsync(owner, version.JobId, cancellationToken);
            }
            catch (JobNotFoundException)
            {
                // It was deleted by itself.
            }
        }

        await EditSessionRetention.RemoveAsync(_store, session, cancellationToken);
    }

    /// <summary>Finds a file of a version.</summary>
    /// <param name="owner">The session's owner.</param>
    /// <param name="version">The version.</param>
    /// <param name="variant">Which one, as for jobs; null for the picture.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="JobConflictException"><c>job_not_completed</c>: it is not done.</exception>
    /// <exception cref="InvalidJobException">It has no such file; the message lists those that it has.</exception>
    public async Task<JobFile> FindFileAsync(string owner, EditVersionSnapshot version, string? variant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version.Version is { } made)
        {
            return await _jobs.FindFileAsync(owner, made.JobId, variant, cancellationToken);
        }

        var file = OriginalFile(version.Session.Original);
        return variant is null || variant == file.Variant ? file
            : throw new InvalidJobException("variant", "invalid_value", $"The original has no '{TextLength.Shorten(variant, 60)}'. It has: {file.Variant}.");
    }

    /// <summary>The picture of a version, as an input for another job.</summary>
    /// <exception cref="JobConflictException"><c>version_not_completed</c>: it is not done.</exception>
    public Task<InputPicture> ReadPictureAsync(string owner, EditVersionSnapshot version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        return _creation.ReadAsync(owner, version.Session, version.Number, cancellationToken);
    }

    /// <summary>The original as a file: its variant is its format.</summary>
    public static JobFile OriginalFile(EditOriginal original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return new JobFile(original.ContentType["image/".Length..], original.Artifact, original.ContentType, original.Length, original.Sha256)
        {
            Media = new Stages.MediaFacts(original.Size.Width, original.Size.Height, 1, null),
        };
    }

    private async Task<EditVersionSnapshot> VersionOfJobAsync(string owner, string id, string job, CancellationToken cancellationToken) =>
        (await GetAsync(owner, id, cancellationToken)).Versions.FirstOrDefault(version => version.Version?.JobId == job) ?? throw new EditSessionNotFoundException(id);

    private async Task<EditSession> RecordAsync(string owner, string id, CancellationToken cancellationToken)
    {
        Owner.Validate(owner);
        return await _records.FindAsync(owner, id, cancellationToken) ?? throw new EditSessionNotFoundException(id);
    }

    private async Task<EditSessionSnapshot> SnapshotAsync(EditSession session, CancellationToken cancellationToken)
    {
        var versions = await Task.WhenAll(session.Versions.Select(async version => new EditVersionSnapshot(session, version, await JobAsync(version.JobId))));
        return new EditSessionSnapshot(session, [new EditVersionSnapshot(session, null, null), .. versions]);

        async Task<JobSnapshot?> JobAsync(string id)
        {
            try
            {
                return await _jobs.GetAsync(session.Owner, id, cancellationToken);
            }
            catch (JobNotFoundException)
            {
                return null;
            }
        }
    }
}

/// <summary>The owner has no session of that id, or the session no version of that number.</summary>
public sealed class EditSessionNotFoundException(string id, int? version = null)
    : Exception(version is null ? $"There is no edit session '{TextLength.Shorten(id, 60)}'." : $"The edit session '{id}' has no version {version}.");
