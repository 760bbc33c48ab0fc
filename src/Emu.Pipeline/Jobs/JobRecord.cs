using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Jobs;

/// <summary>A job as it is stored in <c>jobs/{id}/job.json</c>, changed only under its ETag. The first terminal state wins.</summary>
public sealed record JobRecord
{
    /// <summary>The version of the record's format that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the record's format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>The job's owner.</summary>
    public required string Owner { get; init; }

    /// <summary>Its state.</summary>
    public JobState State { get; init; }

    /// <summary>What it makes. A deleted job's prompt, metadata and addresses are blank.</summary>
    public required JobRequest Request { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its owner cancelled it, UTC.</summary>
    public DateTimeOffset? CancelRequestedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it was deleted, UTC.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When its files are removed, UTC; known once it has ended.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What it made, once completed.</summary>
    public IReadOnlyList<JobFile>? Files { get; init; }

    /// <summary>The artifacts of a completed video's frames, of which further formats are made.</summary>
    public IReadOnlyList<string>? Frames { get; init; }

    /// <summary>Formats that were asked for after its end: each has an orchestration of its own.</summary>
    public IReadOnlyList<string>? LaterFormats { get; init; }

    /// <summary>Why it failed, once failed.</summary>
    public JobError? Error { get; init; }

    /// <summary>
    /// What its owner should know although it stops nothing: one sentence each, none twice, in the order in which they came. Added at
    /// creation (<see cref="JobDraft.Warn"/>) and by stages (<see cref="Stages.StageRun.WarnAsync"/>); never changed or removed.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What an edit has found out; null for other jobs, and until a stage says something.</summary>
    public EditReport? Edit { get; init; }

    /// <summary>The artifact of the idempotency claim it was created under, if any.</summary>
    public string? Claim { get; init; }

    /// <summary>The W3C trace context it was created in: every stage's span belongs to that trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether it has completed, failed or been deleted.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasEnded => State != JobState.Active;

    /// <summary>The artifacts of its stages that stay after its end.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlySet<string> KeptArtifacts => (Files ?? []).Select(file => file.Artifact).Concat(Frames ?? []).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether its owner has cancelled or deleted it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsCancelledOrDeleted => CancelRequestedAt is not null || State == JobState.Deleted;
}

/// <summary>The state of a job's record. An active job is queued until a stage has reported progress.</summary>
public enum JobState
{
    /// <summary>Accepted and not ended.</summary>
    Active,

    /// <summary>Ended with its files.</summary>
    Completed,

    /// <summary>Ended with an error; a cancelled job too, with code <c>cancelled</c>.</summary>
    Failed,

    /// <summary>Deleted by its owner. The record stays for a while as a tombstone, so that a late writer cannot bring the job back.</summary>
    Deleted,
}

/// <summary>A file that a job made.</summary>
/// <param name="Variant">The name clients request it by: a format (<c>mp4</c>, <c>gif</c>, <c>png</c> …), <c>thumbnail</c>, <c>spritesheet</c>, <c>keyframe</c>; of an edit <c>mask</c>, <c>subject</c> and <c>compare</c>.</param>
/// <param name="Artifact">Its name in the store.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record JobFile(string Variant, string Artifact, string ContentType, long Length, string Sha256)
{
    /// <summary>Size and length of a video or picture; null for files of older programs.</summary>
    public MediaFacts? Media { get; init; }
}

/// <summary>Why a job failed.</summary>
/// <param name="Code">A stable code: <c>cancelled</c>, <c>deadline_exceeded</c>, or a stage's failure.</param>
/// <param name="Message">For a person.</param>
public sealed record JobError(string Code, string Message);

/// <summary>Reads and changes job records, always under their ETag.</summary>
public sealed class JobRecords(IArtifactStore store)
{
    /// <summary>A job's record, or null if there is none.</summary>
    /// <exception cref="ArtifactStoreException">It is damaged or was written by a newer program, or the store failed.</exception>
    public async Task<JobRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        await store.ReadAsync(JobNames.Record(id), cancellationToken) is { } content ? Read(id, content) : null;

    /// <summary>Stores a new record.</summary>
    /// <returns>False if there is one of that id.</returns>
    public async Task<bool> CreateAsync(JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return await store.CreateAsync(JobNames.Record(record.Id), ArtifactJson.Write(record), cancellationToken) is not null;
    }

    /// <summary>
    /// Changes a record: <paramref name="change"/> gets the current record and returns the new one, or null to change nothing. It is
    /// called again if another writer changed it meanwhile.
    /// </summary>
    /// <returns>The record afterwards and whether this call changed it; null if there is none.</returns>
    public async Task<(JobRecord Record, bool Changed)?> ChangeAsync(string id, Func<JobRecord, JobRecord?> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            if (await store.ReadAsync(JobNames.Record(id), cancellationToken) is not { } content)
            {
                return null;
            }

            var current = Read(id, content);
            if (change(current) is not { } changed)
            {
                return (current, false);
            }

            if (await store.UpdateAsync(JobNames.Record(id), ArtifactJson.Write(changed), content.ETag, cancellationToken) is not null)
            {
                return (changed, true);
            }
        }
    }

    /// <summary>Adds a warning to a job unless it has the same one already. A job that has ended keeps those it has.</summary>
    public async Task WarnAsync(string id, string warning, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(warning);
        await ChangeAsync(id, record => record.HasEnded || record.Warnings.Contains(warning) ? null : record with { Warnings = [.. record.Warnings, warning] }, cancellationToken);
    }

    /// <summary>Adds to what an edit has found out, unless the job has ended.</summary>
    public async Task ReportEditAsync(string id, Func<EditReport, EditReport> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        await ChangeAsync(id, record => record.HasEnded ? null : record with { Edit = change(record.Edit ?? new EditReport()) }, cancellationToken);
    }

    private static JobRecord Read(string id, ArtifactContent content)
    {
        var name = JobNames.Record(id);
        var record = ArtifactJson.Read<JobRecord>(name, content.Content);
        if (record.Version > JobRecord.CurrentVersion)
        {
            throw new ArtifactStoreException($"'{name}' has version {record.Version}, and this program knows up to {JobRecord.CurrentVersion}. Use a newer program.", false);
        }

        // Both are parts of artifact names.
        return record.Id == id && Owner.IsValid(record.Owner)
            ? record
            : throw new ArtifactStoreException($"'{name}' is damaged: it is the record of '{record.Id}' of the owner '{record.Owner}'.", false);
    }
}
