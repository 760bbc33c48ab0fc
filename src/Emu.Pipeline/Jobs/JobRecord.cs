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
