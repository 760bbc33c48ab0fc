using System.Globalization;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Upkeep;

/// <summary>Removes expired jobs and sessions of edits, old tombstones and, once a day, files and idempotency claims that belong to no job.</summary>
public sealed class JobRetention
{
    private readonly IArtifactStore _store;
    private readonly JobServiceOptions _options;
    private readonly SweepOptions _sweep;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JobRecords _records;
    private readonly JobRemoval _removal;
    private readonly OrphanSearch _orphans;
    private readonly EditSessionRetention _sessions;

    /// <summary>Creates retention over a store and the engine that runs its jobs.</summary>
    public JobRetention(
        IArtifactStore store,
        IOrchestrationClient client,
        JobServiceOptions? options = null,
        SweepOptions? sweep = null,
        TimeProvider? time = null,
        ILogger<JobRetention>? logger = null,
        IJobProgressStore? progress = null)
    {
        _store = store;
        _options = options ?? new JobServiceOptions();
        _sweep = sweep ?? new SweepOptions();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<JobRetention>.Instance;
        _records = new JobRecords(store);
        _removal = new JobRemoval(store, client, progress ?? new StoredJobProgress(store));
        _orphans = new OrphanSearch(store, _options, _time);
        _sessions = new EditSessionRetention(store, _records, _removal, _options, _time);
    }

    /// <summary>Runs again and again until cancelled. After a failure of the store the next round tries again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_sweep.RetentionInterval, _time);
        long? searched = null;
        do
        {
            var searches = searched is null || _time.GetElapsedTime(searched.Value) >= _sweep.OrphanInterval;
            try
            {
                await RunOnceAsync(searches, cancellationToken);
                searched = searches ? _time.GetTimestamp() : searched;
            }
            catch (ArtifactStoreException exception)
            {
                _logger.LogWarning(exception, "Retention failed; the next round tries again");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Runs one round.</summary>
    /// <param name="searchOrphans">Whether the whole store is searched for what belongs to no job.</param>
    /// <param name="cancellationToken">Stops; the next round continues.</param>
    /// <exception cref="ArtifactStoreException">The store failed.</exception>
    public async Task<RetentionReport> RunOnceAsync(bool searchOrphans, CancellationToken cancellationToken)
    {
        var sessions = await _sessions.RunAsync(cancellationToken);
        var expired = await ExpireAsync(cancellationToken);
        var tombstones = await PurgeTombstonesAsync(cancellationToken);
        var (orphans, claims) = searchOrphans ? await _orphans.RunAsync(cancellationToken) : (0, 0);
        return new RetentionReport(expired, tombstones, orphans, claims, sessions);
    }

    private async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var owner in await OwnersAsync(cancellationToken))
        {
            foreach (var id in await OldestAsync(owner, cancellationToken))
            {
                try
                {
                    removed += await ExpireAsync(owner, id, cancellationToken) ? 1 : 0;
                }
                catch (ArtifactStoreException exception) when (!exception.Retryable)
                {
                    // One damaged record must not keep the other jobs from being removed.
                    _logger.LogError(exception, "Retention skips job {JobId}: its record cannot be read", id);
                }
            }
        }

        return removed;
    }

    private async Task<bool> ExpireAsync(string owner, JobId id, CancellationToken cancellationToken)
    {
        switch (await _records.FindAsync(id.ToString(), cancellationToken))
        {
            case null:
                await _store.DeleteAsync(JobNames.IndexEntry(owner, JobOrder.NewestFirst, id), cancellationToken);
                await _store.DeleteAsync(JobNames.IndexEntry(owner, JobOrder.OldestFirst, id), cancellationToken);
                return false;
            case { State: JobState.Deleted } deleted:
                await _removal.ClearAsync(deleted, cancellationToken);
                return false;
            case { HasEnded: true } ended when (ended.ExpiresAt ?? ended.CreatedAt + _options.Retention) <= _time.GetUtcNow() && !await _sessions.IsHeldAsync(ended, cancellationToken):
                await _removal.RemoveAsync(ended, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    // Finds the first entry of each owner: the listing is started again after the last entry that the owner can have.
    private async Task<List<string>> OwnersAsync(CancellationToken cancellationToken)
    {
        var owners = new List<string>();
        string? after = null;
        while (true)
        {
            var found = false;
            await foreach (var entry in _store.ListAsync(JobNames.Indexes, after, cancellationToken))
            {
                found = true;
                after = entry.Name;
                if (entry.Name.IndexOf('/', JobNames.Indexes.Length) is var end && end > 0)
                {
                    var owner = entry.Name[JobNames.Indexes.Length..end];
                    owners.Add(owner);
                    after = $"{JobNames.Indexes}{owner}/~";
                }

                break;
            }

            if (!found)
            {
                return owners;
            }
        }
    }

    private async Task<List<JobId>> OldestAsync(string owner, CancellationToken cancellationToken)
    {
        var before = _time.GetUtcNow() - _options.Retention;
        var ids = new List<JobId>();
        await foreach (var entry in _store.ListAsync(JobNames.Index(owner, JobOrder.OldestFirst), null, cancellationToken))
        {
            if (!JobId.TryParse(JobNames.IdOf(entry.Name), out var id))
            {
                continue;
            }

            if (id.CreatedAt > before)
            {
                break;
            }

            ids.Add(id);
        }

        return ids;
    }

    private async Task<int> PurgeTombstonesAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var entries = new List<string>();
        await foreach (var entry in _store.ListAsync(JobNames.Tombstones, null, cancellationToken))
        {
            entries.Add(entry.Name);
        }

        var purged = 0;
        foreach (var entry in entries)
        {
            var time = entry.AsSpan(JobNames.Tombstones.Length, Math.Min(12, entry.Length - JobNames.Tombstones.Length));
            if (!long.TryParse(time, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var milliseconds))
            {
                continue;
            }

            var age = now - DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            if (age <= _sweep.Grace)
            {
                break;
            }

            try
            {
                purged += await PurgeTombstoneAsync(entry, age, cancellationToken) ? 1 : 0;
            }
            catch (ArtifactStoreException exception) when (!exception.Retryable)
            {
                _logger.LogError(exception, "Retention skips tombstone {Tombstone}: its job's record cannot be read", entry);
            }
        }

        return purged;
    }

    private async Task<bool> PurgeTombstoneAsync(string entry, TimeSpan age, CancellationToken cancellationToken)
    {
        if (await _records.FindAsync(JobNames.IdOf(entry), cancellationToken) is not { State: JobState.Deleted } record)
        {
            await _store.DeleteAsync(entry, cancellationToken);
            return false;
        }

        // Again: the deletion may have been interrupted, and late attempts may have written since.
        await _removal.ClearAsync(record, cancellationToken);
        if (age <= _options.TombstoneRetention)
        {
            return false;
        }

        await _store.DeleteAsync(JobNames.Record(record.Id), cancellationToken);
        await _store.DeleteAsync(entry, cancellationToken);
        return true;
    }
}

/// <summary>What a round of retention did.</summary>
/// <param name="Expired">Ended jobs that were removed completely.</param>
/// <param name="Tombstones">Tombstones that were removed.</param>
/// <param name="Orphans">Files that belonged to no job.</param>
/// <param name="Claims">Idempotency claims whose job is not there.</param>
/// <param name="Sessions">Sessions of edits that were removed with their versions.</param>
public sealed record RetentionReport(int Expired, int Tombstones, int Orphans, int Claims, int Sessions = 0);
