using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>Lists an owner's jobs from the index entries, a few records at a time.</summary>
internal sealed class JobListing(IArtifactStore store)
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
        var record = await _records.FindAsync(id, cancellationToken);
        if (record is null or { State: JobState.Deleted } || record.Owner != owner)
        {
            return null;
        }

        return new JobSnapshot(record, await _records.FindProgressAsync(id, cancellationToken));
    }
}
