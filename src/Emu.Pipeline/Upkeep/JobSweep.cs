using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Upkeep;

/// <summary>
/// Walks the jobs in flight and repairs what crashes and other processes left: starts records without an instance, raises cancel
/// events for cancelled records, closes jobs whose instance was lost, completes interrupted ends and removes interrupted creations.
/// Not for concurrent use.
/// </summary>
public sealed class JobSweep
{
    private readonly IArtifactStore _store;
    private readonly IOrchestrationClient _client;
    private readonly JobFinisher _finisher;
    private readonly JobServiceOptions _options;
    private readonly SweepOptions _sweep;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JobRecords _records;
    private readonly JobStarter _starter;
    private readonly JobRemoval _removal;
    private Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Creates a sweep over a store and the engine that runs its jobs.</summary>
    public JobSweep(
        IArtifactStore store,
        IOrchestrationClient client,
        JobFinisher finisher,
        JobServiceOptions? options = null,
        SweepOptions? sweep = null,
        TimeProvider? time = null,
        ILogger<JobSweep>? logger = null,
        IJobProgressStore? progress = null)
    {
        _store = store;
        _client = client;
        _finisher = finisher;
        _options = options ?? new JobServiceOptions();
        _sweep = sweep ?? new SweepOptions();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<JobSweep>.Instance;
        _records = new JobRecords(store);
        _starter = new JobStarter(store, client);
        _removal = new JobRemoval(store, client, progress ?? new StoredJobProgress(store));
    }

    private enum Act
    {
        None,
        Started,
        Closed,
        Cancelled,
        Settled,
        Cleared,
    }

    /// <summary>Sweeps again and again until cancelled. After a failure of the store the next sweep tries again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_sweep.Interval, _time);
        do
        {
            try
            {
                await RunOnceAsync(cancellationToken);
            }
            catch (ArtifactStoreException exception)
            {
                _logger.LogWarning(exception, "A sweep failed; the next one tries again");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Sweeps once, oldest jobs first.</summary>
    /// <exception cref="ArtifactStoreException">The store failed.</exception>
    public async Task<SweepReport> RunOnceAsync(CancellationToken cancellationToken)
    {
        var entries = new List<(string Name, JobId Id)>();
        await foreach (var entry in _store.ListAsync(JobNames.InFlight, null, cancellationToken))
        {
            if (JobId.TryParse(JobNames.IdOf(entry.Name), out var id))
            {
                entries.Add((entry.Name, id));
            }
        }

        var seen = new Dictionary<string, Known>(entries.Count, StringComparer.Ordinal);
        var counts = new int[Enum.GetValues<Act>().Length];
        foreach (var (name, id) in entries.OrderBy(entry => entry.Id.CreatedAt))
        {
            try
            {
                counts[(int)await SweepAsync(name, id, seen, cancellationToken)]++;
            }
            catch (ArtifactStoreException exception) when (!exception.Retryable)
            {
                // One damaged record must not keep the other jobs waiting.
                _logger.LogError(exception, "Job {JobId} could not be swept", id);
            }
        }

        _known = seen;
        return new SweepReport(entries.Count, counts[(int)Act.Started], counts[(int)Act.Closed], counts[(int)Act.Cancelled], counts[(int)Act.Settled], counts[(int)Act.Cleared]);
    }

    private async Task<Act> SweepAsync(string entry, JobId jobId, Dictionary<string, Known> seen, CancellationToken cancellationToken)
    {
        var id = jobId.ToString();
        if (await _store.FindAsync(JobNames.Record(id), cancellationToken) is not { } information)
        {
            return await ClearAsync(entry, jobId, cancellationToken);
        }

        if (_known.TryGetValue(id, out var known) && known.ETag == information.ETag && _time.GetElapsedTime(known.CheckedAt) < _sweep.RecheckInterval)
        {
            seen[id] = known;
            return Act.None;
        }

        // The status is read before the record: if the instance has ended and the record is still active, it will not end by itself.
        var status = await _client.GetStatusAsync(id, cancellationToken);
        if (await _records.FindAsync(id, cancellationToken) is not { } record)
        {
            return Act.None;
        }

        if (record.HasEnded)
        {
            return await SettleAsync(record, cancellationToken);
        }

        switch (status?.RuntimeStatus)
        {
            case null:
                await _starter.ListAsync(record, cancellationToken);
                return await _starter.StartAsync(record, cancellationToken) ? Act.Started : Act.None;
            case OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated:
                var reason = status.Failure is { } failure ? $"{failure.Code}: {failure.Message}" : "it ended without ending the job";
                return await CloseAsync(id, new JobError(FailureCodes.OrchestrationLost, $"The job's orchestration was lost: {reason}."), cancellationToken);
        }

        if (record.Request.Deadline is { } deadline && _time.GetUtcNow() > deadline + _sweep.Grace)
        {
            await _client.TerminateAsync(id, "The deadline passed.", cancellationToken);
            return await CloseAsync(id, new JobError(FailureCodes.DeadlineExceeded, $"The job was not done by its deadline, {deadline:u}."), cancellationToken);
        }

        var raises = record.CancelRequestedAt is not null && known?.CancelRaised != true;
        if (raises)
        {
            await _client.RaiseEventAsync(id, OrchestrationNames.CancelEvent, null, cancellationToken);
        }

        seen[id] = new Known(information.ETag, _time.GetTimestamp(), record.CancelRequestedAt is not null);
        return raises ? Act.Cancelled : Act.None;
    }

    private async Task<Act> ClearAsync(string entry, JobId id, CancellationToken cancellationToken)
    {
        if (_time.GetUtcNow() - id.CreatedAt <= 2 * _options.CreationTimeout)
        {
            return Act.None;
        }

        // Its claim is taken over by the next request with that key, or cleared by retention.
        await JobRemoval.ClearFilesAsync(_store, id.ToString(), _ => true, cancellationToken);
        await _store.DeleteAsync(entry, cancellationToken);
        return Act.Cleared;
    }

    private async Task<Act> SettleAsync(JobRecord record, CancellationToken cancellationToken)
    {
        if (_time.GetUtcNow() - (record.DeletedAt ?? record.EndedAt ?? record.CreatedAt) <= _sweep.Grace)
        {
            return Act.None;
        }

        if (record.State == JobState.Deleted)
        {
            await _removal.ClearAsync(record, cancellationToken);
        }
        else
        {
            await _finisher.SettleAsync(record, cancellationToken);
        }

        return Act.Settled;
    }

    private async Task<Act> CloseAsync(string id, JobError error, CancellationToken cancellationToken)
    {
        // The orchestration may have been lost after the last stage: a job whose files exist has not failed.
        var isDone = error.Code == FailureCodes.OrchestrationLost && await IsEncodedAsync(id, cancellationToken);
        var level = error.Code == FailureCodes.OrchestrationLost ? LogLevel.Warning : LogLevel.Information;
        _logger.Log(level, "Job {JobId} is closed: {Code}", id, isDone ? "its files were done" : error.Code);
        await _finisher.FinishAsync(id, isDone ? null : error, cancellationToken);
        return Act.Closed;
    }

    private async Task<bool> IsEncodedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await new StageManifests(_store, id).FindAsync(StageNames.Encode, cancellationToken) is not null;
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            _logger.LogError(exception, "The files of job {JobId} are lost: the manifest that names them is damaged", id);
            return false;
        }
    }

    private sealed record Known(string ETag, long CheckedAt, bool CancelRaised);
}

/// <summary>What a sweep did.</summary>
/// <param name="InFlight">Jobs that had not ended when it began.</param>
/// <param name="Started">Records that had no instance and were started.</param>
/// <param name="Closed">Jobs whose instance had ended or been lost without ending them.</param>
/// <param name="Cancelled">Cancel events raised for cancelled records.</param>
/// <param name="Settled">Ended jobs whose end had been interrupted.</param>
/// <param name="Cleared">In-flight entries without a record, left by an interrupted creation.</param>
public sealed record SweepReport(int InFlight, int Started, int Closed, int Cancelled, int Settled, int Cleared);

/// <summary>Intervals of the sweep and retention.</summary>
public sealed record SweepOptions
{
    /// <summary>The time between two sweeps; 2 s by default. Over blob storage, where every read costs a request, 30 s is enough.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the orchestration of an unchanged job is checked; 1 minute by default.</summary>
    public TimeSpan RecheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after a deadline, or after a job's end, the orchestration may still be about to act on it; 1 minute by default.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The time between two rounds of retention; 1 hour by default.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The time between two searches of the whole store for orphans; 1 day by default.</summary>
    public TimeSpan OrphanInterval { get; init; } = TimeSpan.FromDays(1);
}
