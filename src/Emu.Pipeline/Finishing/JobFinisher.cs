using System.Diagnostics;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Telemetry;

namespace Emu.Pipeline.Finishing;

/// <summary>
/// Is notified of each job's end, at least once: after a crash it may be notified of the same end again, so what a listener starts,
/// it starts only if absent. Detached work goes through <see cref="Emu.Durable.Abstractions.IOrchestrationClient"/>, never awaited here.
/// </summary>
public interface IJobEndListener
{
    /// <summary>A job has completed or failed; its record says how.</summary>
    Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken);
}

/// <summary>
/// Ends a job: sets the record's terminal state, of which the first wins, notifies the listeners, removes intermediate files, and
/// removes the in-flight entry last. Called again after a crash, it does the rest.
/// </summary>
public sealed class JobFinisher(IArtifactStore store, IEnumerable<IJobEndListener>? listeners = null, JobServiceOptions? options = null, TimeProvider? time = null, JobSignals? signals = null)
{
    private readonly IReadOnlyList<IJobEndListener> _listeners = [.. listeners ?? []];
    private readonly JobServiceOptions _options = options ?? new JobServiceOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly JobRecords _records = new(store);

    /// <summary>Ends a job unless it has ended.</summary>
    /// <param name="id">The job.</param>
    /// <param name="error">Why it failed; null if every stage is done, whose files it then gets.</param>
    /// <param name="cancellationToken">Stops; another call continues.</param>
    /// <returns>The state it is in afterwards; deleted if there is no such job any more.</returns>
    public async Task<JobState> FinishAsync(string id, JobError? error, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobFile>? files = null;
        IReadOnlyList<string>? frames = null;
        if (error is null)
        {
            (files, frames, error) = await FilesAsync(id, cancellationToken);
        }

        var now = _time.GetUtcNow();
        var change = await _records.ChangeAsync(id, record => record.HasEnded ? null : record with
        {
            State = error is null ? JobState.Completed : JobState.Failed,
            Files = files,
            Frames = frames,
            Error = error,
            EndedAt = now,
            ExpiresAt = now + _options.Retention,
        }, cancellationToken);
        if (change is not { } ended)
        {
            return JobState.Deleted;
        }

        if (ended.Changed)
        {
            Measure(ended.Record);
            signals?.Raise(id);
        }

        await SettleAsync(ended.Record, cancellationToken);
        return ended.Record.State;
    }

    /// <summary>Does what follows a job's end: notifies the listeners and removes what is no longer needed. May be called again.</summary>
    public async Task SettleAsync(JobRecord job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.State is JobState.Completed or JobState.Failed)
        {
            foreach (var listener in _listeners)
            {
                await listener.JobEndedAsync(job, cancellationToken);
            }

            if (!_options.KeepIntermediate)
            {
                var kept = job.KeptArtifacts;
                await JobRemoval.ClearFilesAsync(store, job.Id, name => IsIntermediate(job.Id, name) && !kept.Contains(name), cancellationToken);
            }
        }

        await store.DeleteAsync(JobNames.InFlightEntry(job.Owner, job.Id), cancellationToken);
    }

    // Attempts' files lie one folder further down than a job's own. A format that is asked for right at the end is no intermediate file.
    private static bool IsIntermediate(string id, string name)
    {
        var own = name.AsSpan(JobNames.Folder(id).Length);
        return own.Contains('/') && !own.StartsWith(StageNames.Format + ".", StringComparison.Ordinal);
    }

    private static void Measure(JobRecord job)
    {
        var tags = new TagList { { "emu.job.kind", JobId.Parse(job.Id).Kind.ToString().ToLowerInvariant() }, { "gen_ai.request.model", job.Request.Model } };
        if (job.Error is { } error)
        {
            tags.Add("error.type", error.Code);
        }

        PipelineTelemetry.JobsEnded.Add(1, tags);
        PipelineTelemetry.JobDuration.Record((job.EndedAt!.Value - job.CreatedAt).TotalSeconds, tags);

        // The whole job as one span, beside its stages in its trace.
        ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var parent);
        using var span = PipelineTelemetry.Source.StartActivity("job", ActivityKind.Internal, parent, tags, startTime: job.CreatedAt);
        span?.SetTag("emu.job.id", job.Id).SetStatus(job.Error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, job.Error?.Message);
        span?.SetEndTime(job.EndedAt.Value.UtcDateTime);
    }

    private async Task<(IReadOnlyList<JobFile>? Files, IReadOnlyList<string>? Frames, JobError? Error)> FilesAsync(string id, CancellationToken cancellationToken)
    {
        var files = new JobFiles(store);
        try
        {
            return await files.EncodedAsync(id, cancellationToken) is { } encoded
                ? (encoded, await files.FramesAsync(id, cancellationToken), null)
                : (null, null, new JobError(FailureCodes.MissingInput, "The job's files are not there."));
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            // A damaged manifest: the job ends with that instead of not ending.
            return (null, null, new JobError(FailureCodes.StoreUnavailable, exception.Message));
        }
    }
}
