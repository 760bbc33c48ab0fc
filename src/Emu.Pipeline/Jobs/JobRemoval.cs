using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Jobs;

/// <summary>Removes jobs: a deleted one except for its tombstone, an expired one completely.</summary>
internal sealed class JobRemoval(IArtifactStore store, IOrchestrationClient? client, IJobProgressStore progress)
{
    private readonly JobRecords _records = new(store);

    /// <summary>Makes a tombstone of a job and removes the rest. The entry comes first, so that retention completes a deletion that was interrupted.</summary>
    public async Task DeleteAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await store.CreateAsync(JobNames.Tombstone(now, id), default, cancellationToken);
        if (await _records.ChangeAsync(id, record => record.State == JobState.Deleted ? null : Tombstone(record, now), cancellationToken) is { } change)
        {
            await ClearAsync(change.Record, cancellationToken);
        }
    }

    /// <summary>Removes everything of a deleted job but its tombstone. May be called again.</summary>
    public async Task ClearAsync(JobRecord record, CancellationToken cancellationToken)
    {
        await EndInstancesAsync(record, "The job was deleted.", cancellationToken);
        await ClearEntriesAsync(record, cancellationToken);
        await ClearFilesAsync(record.Id, cancellationToken);
    }

    /// <summary>Removes an ended job completely, its record last.</summary>
    public async Task RemoveAsync(JobRecord record, CancellationToken cancellationToken)
    {
        await EndInstancesAsync(record, "The job has expired.", cancellationToken);
        await ClearFilesAsync(record.Id, cancellationToken);
        await ClearEntriesAsync(record, cancellationToken);
        await store.DeleteAsync(JobNames.Record(record.Id), cancellationToken);
    }

    /// <summary>Removes those of a job's files that <paramref name="which"/> selects by their names.</summary>
    public static async Task ClearFilesAsync(IArtifactStore store, string id, Func<string, bool> which, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var file in store.ListAsync(JobNames.Folder(id), null, cancellationToken))
        {
            if (which(file.Name))
            {
                names.Add(file.Name);
            }
        }

        foreach (var name in names)
        {
            await store.DeleteAsync(name, cancellationToken);
        }
    }

    /// <summary>What is left of a deleted job: its owner and its times, nothing of its content.</summary>
    private static JobRecord Tombstone(JobRecord record, DateTimeOffset now) => record with
    {
        State = JobState.Deleted,
        DeletedAt = now,
        Request = record.Request with { Prompt = "", Metadata = null, WebhookUrl = null, InputPicture = null, RemixedFrom = null, Upload = null, Edit = null },
        Files = null,
        Frames = null,
        Error = null,
        Warnings = [],
        Edit = null,
    };

    private async Task ClearFilesAsync(string id, CancellationToken cancellationToken)
    {
        await progress.RemoveAsync(id, cancellationToken);
        await ClearFilesAsync(store, id, name => name != JobNames.Record(id), cancellationToken);
    }

    private async Task ClearEntriesAsync(JobRecord record, CancellationToken cancellationToken)
    {
        var id = JobId.Parse(record.Id);
        await store.DeleteAsync(JobNames.InFlightEntry(record.Owner, record.Id), cancellationToken);
        await store.DeleteAsync(JobNames.IndexEntry(record.Owner, JobOrder.NewestFirst, id), cancellationToken);
        await store.DeleteAsync(JobNames.IndexEntry(record.Owner, JobOrder.OldestFirst, id), cancellationToken);
        await IdempotencyClaims.ReleaseAsync(store, record, cancellationToken);
    }

    private async Task EndInstancesAsync(JobRecord record, string reason, CancellationToken cancellationToken)
    {
        if (client is null)
        {
            return;
        }

        foreach (var instance in (record.LaterFormats ?? []).Select(format => OrchestrationNames.FormatInstance(record.Id, format)).Append(record.Id))
        {
            if (await client.GetStatusAsync(instance, cancellationToken) is not null)
            {
                await client.TerminateAsync(instance, reason, cancellationToken);
                await client.PurgeAsync(instance, cancellationToken);
            }
        }
    }
}
