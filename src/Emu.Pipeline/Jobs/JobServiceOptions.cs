using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>How jobs are created and kept.</summary>
public sealed record JobServiceOptions
{
    /// <summary>How long an ended job's files and record are kept; 7 days by default.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a deleted job's tombstone is kept, for late writers; one day by default.</summary>
    public TimeSpan TombstoneRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a creation may take between its claim and its record; 2 minutes by default. A claim or an in-flight entry
    /// without a record counts as abandoned after twice that.
    /// </summary>
    public TimeSpan CreationTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a job that is waited for is read again, for changes by other processes; 250 ms by default.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Bytes that must be free for a new job to be accepted; 512 MiB by default, 0 for no check.</summary>
    public long DiskReserve { get; init; } = 512L * 1024 * 1024;

    /// <summary>Whether the files that stages write for later stages are kept until the job expires, instead of until it ends.</summary>
    public bool KeepIntermediate { get; init; }

    /// <summary>Whether a job's own webhook may go to http and into the private network; for development.</summary>
    public bool AllowPrivateWebhooks { get; init; }
}

/// <summary>The free space that a store's disk keeps in reserve.</summary>
/// <param name="space">Measures the disk; null where nothing is checked.</param>
/// <param name="reserve">Bytes; 0 for no check.</param>
public sealed class StorageReserve(IFreeSpace? space, long reserve)
{
    /// <summary>Why no new job is taken; null while there is enough space.</summary>
    /// <exception cref="ArtifactStoreException">The free space cannot be read.</exception>
    public StorageReserveException? Shortage() =>
        space is not null && reserve > 0 && space.AvailableBytes is var available && available < reserve ? new StorageReserveException(available, reserve) : null;
}

/// <summary>How one job is created.</summary>
public sealed record CreateOptions
{
    /// <summary>The longest idempotency key, in characters.</summary>
    public const int MaximumKeyLength = 255;

    /// <summary>
    /// The client's idempotency key, if any: the same key and request give the first job again, for as long as that job is
    /// kept. 1 to <see cref="MaximumKeyLength"/> characters.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How many jobs the owner may have in flight, this one included; no limit if null.</summary>
    public int? MaximumInFlight { get; init; }
}

/// <summary>The result of a creation.</summary>
/// <param name="Job">The job.</param>
/// <param name="IsReplay">Whether it is an earlier creation's, found by its idempotency key.</param>
public sealed record CreatedJob(JobSnapshot Job, bool IsReplay);
