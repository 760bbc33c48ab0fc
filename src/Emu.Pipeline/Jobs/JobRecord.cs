using System.Text.Json;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>A job as it is stored in <c>jobs/{id}/job.json</c>, changed only under its ETag. The first terminal state wins.</summary>
public sealed record JobRecord
{
    /// <summary>The version of this record's form that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of this record's form.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose job it is.</summary>
    public required string Owner { get; init; }

    /// <summary>Where it stands.</summary>
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

    /// <summary>Why it failed, once failed.</summary>
    public JobError? Error { get; init; }

    /// <summary>The artifact of the idempotency claim it was created under, if any.</summary>
    public string? Claim { get; init; }

    /// <summary>The W3C trace context it was created in: every stage's span belongs to that trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether it has ended, in whatever way.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasEnded => State != JobState.Active;

    /// <summary>Whether its owner no longer wants it: cancelled or deleted.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsUnwanted => CancelRequestedAt is not null || State == JobState.Deleted;
}

/// <summary>Where a job's record stands. Whether an active job is queued or at work says its progress.</summary>
public enum JobState
{
    /// <summary>Accepted and not ended.</summary>
    Active,

    /// <summary>Ended with its files.</summary>
    Completed,

    /// <summary>Ended with an error; a cancelled job too, with code <c>cancelled</c>.</summary>
    Failed,

    /// <summary>Deleted by its owner: a tombstone, so that a late writer brings nothing back.</summary>
    Deleted,
}

/// <summary>A file that a job made.</summary>
/// <param name="Variant">What it is asked for by: a format (<c>mp4</c>, <c>gif</c>, <c>png</c> …), <c>thumbnail</c>, <c>spritesheet</c> or <c>keyframe</c>.</param>
/// <param name="Artifact">Its name in the store.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record JobFile(string Variant, string Artifact, string ContentType, long Length, string Sha256);

/// <summary>Why a job failed.</summary>
/// <param name="Code">A stable code: <c>cancelled</c>, <c>deadline_exceeded</c>, or a stage's failure.</param>
/// <param name="Message">For a person.</param>
public sealed record JobError(string Code, string Message);

/// <summary>Reads and changes job records, always under their ETag.</summary>
public sealed class JobRecords(IArtifactStore store)
{
    /// <summary>A job's record, or null if there is none.</summary>
    /// <exception cref="ArtifactStoreException">It was written by a newer program, or cannot be read.</exception>
    public async Task<JobRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        await store.ReadAsync(JobNames.Record(id), cancellationToken) is { } content ? Read(id, content) : null;

    /// <summary>A job's progress, or null if no stage has reported.</summary>
    public async Task<JobProgress?> FindProgressAsync(string id, CancellationToken cancellationToken) =>
        await store.ReadAsync(JobNames.Progress(id), cancellationToken) is { } content
            ? JsonSerializer.Deserialize<JobProgress>(content.Content.Span, PipelineJson.Options)
            : null;

    /// <summary>Stores a new record.</summary>
    /// <returns>False if there is one of that id.</returns>
    public async Task<bool> CreateAsync(JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return await store.CreateAsync(JobNames.Record(record.Id), Write(record), cancellationToken) is not null;
    }

    /// <summary>
    /// Changes a record: <paramref name="change"/> gets it as it stands and gives what it shall be, or null to leave it. Called
    /// again if somebody else changed it meanwhile.
    /// </summary>
    /// <returns>The record as it stands afterwards and whether this call changed it; null if there is none.</returns>
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

            if (await store.UpdateAsync(JobNames.Record(id), Write(changed), content.ETag, cancellationToken) is not null)
            {
                return (changed, true);
            }
        }
    }

    private static byte[] Write(JobRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, PipelineJson.Options);

    private static JobRecord Read(string id, ArtifactContent content)
    {
        JobRecord? record;
        try
        {
            record = JsonSerializer.Deserialize<JobRecord>(content.Content.Span, PipelineJson.Options);
        }
        catch (JsonException exception)
        {
            throw new ArtifactStoreException($"The record of job '{id}' is damaged: {exception.Message}", false, exception);
        }

        return record switch
        {
            null => throw new ArtifactStoreException($"The record of job '{id}' is damaged: it is null.", false),
            { Version: > JobRecord.CurrentVersion } => throw new ArtifactStoreException($"The record of job '{id}' has version {record.Version}, and this program knows up to {JobRecord.CurrentVersion}. Use a newer program.", false),
            _ => record,
        };
    }
}
