using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Jobs;

/// <summary>Which of an owner's jobs to list.</summary>
public sealed record JobQuery
{
    /// <summary>The most jobs a page can have.</summary>
    public const int MaximumLimit = 100;

    /// <summary>Only this kind; every kind if null.</summary>
    public JobKind? Kind { get; init; }

    /// <summary>Only jobs in this status; any if null.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Which come first.</summary>
    public JobOrder Order { get; init; }

    /// <summary>The id that the page begins after; from the beginning if null. The job itself may be gone.</summary>
    public string? After { get; init; }

    /// <summary>How many at most, 1 to <see cref="MaximumLimit"/>.</summary>
    public int Limit { get; init; } = 20;
}

/// <summary>The order of a listing.</summary>
public enum JobOrder
{
    /// <summary>The newest first.</summary>
    NewestFirst,

    /// <summary>The oldest first.</summary>
    OldestFirst,
}

/// <summary>A job's status, as clients see it.</summary>
public enum JobStatus
{
    /// <summary>Waiting: no stage has reported progress yet.</summary>
    Queued,

    /// <summary>A stage has reported progress.</summary>
    InProgress,

    /// <summary>Ended with its files.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,
}

/// <summary>A job at one moment.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Progress">How far it is; null while no stage has reported.</param>
public sealed record JobSnapshot(JobRecord Record, JobProgress? Progress)
{
    /// <summary>The job's status, as clients see it.</summary>
    public JobStatus Status => Record.State switch
    {
        JobState.Completed => JobStatus.Completed,
        JobState.Failed or JobState.Deleted => JobStatus.Failed,
        _ => Progress is null ? JobStatus.Queued : JobStatus.InProgress,
    };

    /// <summary>Whether the keyframe of a job at work is there.</summary>
    public bool HasKeyframe => !Record.HasEnded && Record.Request.Kind != JobKind.Edit && Progress is { } progress && (progress.Stage != StageNames.Keyframe || progress.StageDone);

    /// <summary>0 to 100; 100 only when completed.</summary>
    public int Percent => Record.State == JobState.Completed ? 100 : Progress?.Percent ?? 0;
}

/// <summary>A page of a listing.</summary>
/// <param name="Jobs">The jobs, in the requested order.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record JobPage(IReadOnlyList<JobSnapshot> Jobs, bool HasMore);

/// <summary>Lists an owner's jobs from the index entries, a few records at a time.</summary>
internal sealed class JobListing(IArtifactStore store, IJobProgressStore progress, ILogger logger)
{
    private const int Together = 16;

    private readonly JobRecords _records = new(store);

    public async Task<JobPage> PageAsync(string owner, JobQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > JobQuery.MaximumLimit)
        {
            throw new InvalidJobException("limit", "invalid_value", $"The limit must be from 1 to {JobQuery.MaximumLimit}.");
        }

        string? after = null;
        if (query.After is { } text)
        {
            after = JobId.TryParse(text, out var id)
                ? JobNames.IndexEntry(owner, query.Order, id)
                : throw new InvalidJobException("after", "invalid_value", $"'{text}' is no job id.");
        }

        var jobs = new List<JobSnapshot>();
        var waiting = new List<string>();
        await foreach (var entry in store.ListAsync(JobNames.Index(owner, query.Order), after, cancellationToken))
        {
            var id = JobNames.IdOf(entry.Name);
            if (query.Kind is { } kind && (!JobId.TryParse(id, out var parsed) || parsed.Kind != kind))
            {
                continue;
            }

            waiting.Add(id);
            if (waiting.Count == Together || jobs.Count + waiting.Count > query.Limit)
            {
                await TakeAsync(owner, query, waiting, jobs, cancellationToken);
                if (jobs.Count > query.Limit)
                {
                    break;
                }
            }
        }

        await TakeAsync(owner, query, waiting, jobs, cancellationToken);
        var hasMore = jobs.Count > query.Limit;
        return new JobPage(hasMore ? jobs[..query.Limit] : jobs, hasMore);
    }

    public Task<int> CountInFlightAsync(string owner, int limit, CancellationToken cancellationToken) =>
        store.CountAsync($"{JobNames.InFlight}{owner}/", limit, cancellationToken);

    private async Task TakeAsync(string owner, JobQuery query, List<string> ids, List<JobSnapshot> jobs, CancellationToken cancellationToken)
    {
        foreach (var job in await Task.WhenAll(ids.Select(id => FindAsync(owner, id, cancellationToken))))
        {
            if (job is not null && (query.Status is null || job.Status == query.Status))
            {
                jobs.Add(job);
            }
        }

        ids.Clear();
    }

    private async Task<JobSnapshot?> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        JobRecord? record;
        try
        {
            record = await _records.FindAsync(id, cancellationToken);
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            logger.LogError(exception, "Job {JobId} is left out of the listing: its record cannot be read", id);
            return null;
        }

        if (record is null or { State: JobState.Deleted } || record.Owner != owner)
        {
            return null;
        }

        return new JobSnapshot(record, await progress.FindAsync(id, cancellationToken));
    }
}
