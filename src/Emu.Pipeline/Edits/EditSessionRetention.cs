using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Edits;

/// <summary>Removes sessions that have expired, with the jobs of their versions; until then those jobs are kept, however old they are.</summary>
internal sealed class EditSessionRetention(IArtifactStore store, JobRecords jobs, JobRemoval removal, JobServiceOptions options, TimeProvider time)
{
    private readonly EditSessionRecords _records = new(store);

    /// <summary>Removes what belongs to a session but not to its jobs, the record last.</summary>
    public static Task RemoveAsync(IArtifactStore store, EditSession session, CancellationToken cancellationToken) =>
        RemoveAsync(store, session.Owner, session.Id, session.Claim, cancellationToken);

    /// <inheritdoc cref="RemoveAsync(IArtifactStore, EditSession, CancellationToken)"/>
    public static async Task RemoveAsync(IArtifactStore store, string owner, string id, string? claim, CancellationToken cancellationToken)
    {
        if (claim is not null)
        {
            await store.DeleteAsync(claim, cancellationToken);
        }

        var record = EditSessionNames.Record(owner, id);
        var names = new List<string>();
        await foreach (var file in store.ListAsync(EditSessionNames.Folder(owner, id) + "/", null, cancellationToken))
        {
            names.Add(file.Name);
        }

        foreach (var name in names.Where(name => name != record))
        {
            await store.DeleteAsync(name, cancellationToken);
        }

        await store.DeleteAsync(record, cancellationToken);
    }

    /// <summary>Whether a job is a version of a session that is still there.</summary>
    public async Task<bool> IsHeldAsync(JobRecord job, CancellationToken cancellationToken) =>
        job.Request.Edit?.Source is { } source && await _records.FindAsync(job.Owner, source.Session, cancellationToken) is not null;

    /// <summary>Removes every expired session, and claims and originals that never became one.</summary>
    /// <returns>How many sessions were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (records, others) = (new List<(string Owner, string Id)>(), new List<ArtifactInfo>());
        await foreach (var artifact in store.ListAsync(EditSessionNames.Sessions, null, cancellationToken))
        {
            if (EditSessionNames.TryRead(artifact.Name) is not { } found)
            {
                others.Add(artifact);
            }
            else if (EditSessionId.CreatedAt(found.Id) + options.Retention <= now)
            {
                records.Add(found);
            }
        }

        await foreach (var claim in store.ListAsync(EditSessionNames.Claims, null, cancellationToken))
        {
            others.Add(claim);
        }

        var removed = 0;
        foreach (var (owner, id) in records)
        {
            if (await _records.FindAsync(owner, id, cancellationToken) is { } session && session.ExpiresAt <= now && await ExpireAsync(session, cancellationToken))
            {
                removed++;
            }
        }

        // An original without a record is being stored, or was left by a process that ended; a claim is of use as long as its job.
        foreach (var old in others.Where(artifact => now - artifact.LastModified > options.Retention + options.TombstoneRetention))
        {
            if (old.Name.StartsWith(EditSessionNames.Claims, StringComparison.Ordinal) || await store.FindAsync($"{old.Name[..old.Name.LastIndexOf('/')]}/session.json", cancellationToken) is null)
            {
                await store.DeleteAsync(old.Name, cancellationToken);
            }
        }

        return removed;
    }

    // False while a job is at work.
    private async Task<bool> ExpireAsync(EditSession session, CancellationToken cancellationToken)
    {
        foreach (var version in session.Versions)
        {
            switch (await jobs.FindAsync(version.JobId, cancellationToken))
            {
                case { HasEnded: false }:
                    return false;
                case { State: not JobState.Deleted } ended:
                    await removal.RemoveAsync(ended, cancellationToken);
                    break;
            }
        }

        await RemoveAsync(store, session, cancellationToken);
        return true;
    }
}
