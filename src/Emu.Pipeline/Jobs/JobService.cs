using System.Runtime.CompilerServices;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Models;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Jobs;

/// <summary>What clients do with jobs: the one place behind the HTTP API, the command line and the upload triggers.</summary>
/// <remarks>
/// Every member may throw <see cref="ArtifactStoreException"/> when the store fails, and <see cref="JobNotFoundException"/> for an
/// id that is not one of the owner's jobs.
/// </remarks>
public sealed class JobService
{
    private readonly IArtifactStore _store;
    private readonly IOrchestrationClient? _client;
    private readonly JobServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly JobRecords _records;
    private readonly JobCreation _creation;
    private readonly JobRemoval _removal;
    private readonly JobListing _listing;

    /// <summary>Creates the service.</summary>
    /// <param name="store">Where jobs are stored.</param>
    /// <param name="client">The engine; null beside its process, whose sweep then starts what was stored.</param>
    /// <param name="space">How much room is left; not checked if null.</param>
    /// <param name="options">How jobs are taken and kept.</param>
    /// <param name="time">The clock.</param>
    public JobService(IArtifactStore store, IOrchestrationClient? client, IFreeSpace? space = null, JobServiceOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _client = client;
        _options = options ?? new JobServiceOptions();
        _time = time ?? TimeProvider.System;
        _records = new JobRecords(store);
        Models = new ModelCatalog(store, _time);
        _creation = new JobCreation(store, new JobStarter(store, client), Models, space, _options, _time);
        _removal = new JobRemoval(store, client);
        _listing = new JobListing(store);
    }

    /// <summary>The models that can be asked for.</summary>
    public ModelCatalog Models { get; }

    /// <summary>Takes a new job: checks it, stores it and puts it to work.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="draft">What is asked for.</param>
    /// <param name="picture">The user's picture, if there is one.</param>
    /// <param name="options">Idempotency key and limit.</param>
    /// <param name="cancellationToken">Gives up; what was begun is undone or finished by the sweep.</param>
    /// <exception cref="InvalidJobException">It cannot be made. Nothing was stored.</exception>
    /// <exception cref="IdempotencyMismatchException">The key was used for another request.</exception>
    /// <exception cref="JobConflictException"><c>idempotency_in_flight</c>: the first request with that key is still being taken.</exception>
    /// <exception cref="TooManyJobsException">The owner has as many jobs in flight as allowed. Nothing was stored.</exception>
    /// <exception cref="StorageReserveException">The disk is nearly full. Nothing was stored.</exception>
    public Task<CreatedJob> CreateAsync(string owner, JobDraft draft, InputPicture? picture, CreateOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        Owner.Validate(owner);
        return _creation.CreateAsync(owner, draft, picture, options ?? new CreateOptions(), cancellationToken);
    }

    /// <summary>Takes a new job with an ended one's settings and source keyframe, and another prompt.</summary>
    /// <exception cref="InvalidJobException">The prompt is empty or too long, or the model is gone.</exception>
    /// <exception cref="JobConflictException"><c>job_not_completed</c>: only a completed video can be remixed.</exception>
    public async Task<CreatedJob> RemixAsync(string owner, string id, string prompt, CreateOptions? options, CancellationToken cancellationToken)
    {
        var source = await RecordOfAsync(owner, id, cancellationToken);
        if (source.State != JobState.Completed || source.Request.Kind != JobKind.Video)
        {
            throw new JobConflictException("job_not_completed", $"'{id}' is no completed video; only those can be remixed.");
        }

        var keyframe = source.Files?.FirstOrDefault(file => file.Variant == "keyframe")
            ?? throw new JobConflictException("job_not_completed", $"'{id}' left no keyframe to begin from.");
        if (string.IsNullOrWhiteSpace(prompt))
        {
            throw new InvalidJobException("prompt", "missing_required_parameter", "The prompt is empty. A remix needs a new one.");
        }

        var content = await _store.ReadAsync(keyframe.Artifact, cancellationToken) ?? throw new JobNotFoundException(id);
        var draft = JobDraft.From(source.Request) with { Prompt = prompt, RemixedFrom = id };
        return await CreateAsync(owner, draft, new InputPicture(content.Content, "png"), options, cancellationToken);
    }

    /// <summary>Takes a failed job again: a new job with the same request, seed included.</summary>
    /// <exception cref="JobConflictException"><c>job_not_failed</c>: it has not failed.</exception>
    public async Task<CreatedJob> RetryAsync(string owner, string id, CreateOptions? options, CancellationToken cancellationToken)
    {
        var source = await RecordOfAsync(owner, id, cancellationToken);
        if (source.State != JobState.Failed)
        {
            throw new JobConflictException("job_not_failed", $"'{id}' has not failed; only failed jobs are taken again.");
        }

        InputPicture? picture = null;
        if (source.Request.InputPicture is { } artifact)
        {
            var content = await _store.ReadAsync(artifact, cancellationToken) ?? throw new JobNotFoundException(id);
            picture = new InputPicture(content.Content, Path.GetExtension(artifact).TrimStart('.'));
        }

        return await CreateAsync(owner, JobDraft.From(source.Request), picture, options, cancellationToken);
    }

    /// <summary>A job as it stands.</summary>
    public async Task<JobSnapshot> GetAsync(string owner, string id, CancellationToken cancellationToken)
    {
        var record = await RecordOfAsync(owner, id, cancellationToken);
        return new JobSnapshot(record, await _records.FindProgressAsync(id, cancellationToken));
    }

    /// <summary>A page of an owner's jobs.</summary>
    /// <exception cref="InvalidJobException">The limit is out of range, or <c>after</c> is no job id.</exception>
    public Task<JobPage> ListAsync(string owner, JobQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        Owner.Validate(owner);
        return _listing.PageAsync(owner, query, cancellationToken);
    }

    /// <summary>How many jobs of an owner have not ended, counted up to a limit.</summary>
    public Task<int> CountInFlightAsync(string owner, int limit, CancellationToken cancellationToken)
    {
        Owner.Validate(owner);
        return _listing.CountInFlightAsync(owner, limit, cancellationToken);
    }

    /// <summary>
    /// Asks for a job's end: a queued one ends at once, one at work within a step; it then has failed with code
    /// <c>cancelled</c>. An ended job is left as it is.
    /// </summary>
    public async Task<JobSnapshot> CancelAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await RecordOfAsync(owner, id, cancellationToken);
        var now = _time.GetUtcNow();
        var change = await _records.ChangeAsync(id, record => record.HasEnded || record.CancelRequestedAt is not null ? null : record with { CancelRequestedAt = now }, cancellationToken);
        var record = Owned(owner, id, change?.Record);
        if (!record.HasEnded && _client is not null)
        {
            await _client.RaiseEventAsync(id, OrchestrationNames.CancelEvent, null, cancellationToken);
        }

        return new JobSnapshot(record, await _records.FindProgressAsync(id, cancellationToken));
    }

    /// <summary>Deletes a job and its files, whether it has ended or not. Its record stays for a while as a tombstone that nobody is shown.</summary>
    public async Task DeleteAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await RecordOfAsync(owner, id, cancellationToken);
        await _removal.DeleteAsync(id, _time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Waits until a job has ended, at most as long as given.</summary>
    /// <returns>The job as it stands then.</returns>
    public async Task<JobSnapshot> WaitForEndAsync(string owner, string id, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var delay = TimeSpan.FromMilliseconds(20);
        while (true)
        {
            var record = await RecordOfAsync(owner, id, cancellationToken);
            var left = patience - _time.GetElapsedTime(started);
            if (record.HasEnded || left <= TimeSpan.Zero)
            {
                return new JobSnapshot(record, await _records.FindProgressAsync(id, cancellationToken));
            }

            await Task.Delay(delay < left ? delay : left, _time, cancellationToken);
            delay = delay < TimeSpan.FromMilliseconds(250) ? delay * 1.5 : delay;
        }
    }

    /// <summary>A job as it changes, from how it stands now to its end; older progress than was seen is left out.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="id">The job.</param>
    /// <param name="after">Only progress above this version; all if null.</param>
    /// <param name="interval">How often to look.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async IAsyncEnumerable<JobSnapshot> WatchAsync(string owner, string id, ProgressVersion? after, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = after ?? new ProgressVersion(-1, 0);
        var first = after is null;
        while (true)
        {
            var job = await GetAsync(owner, id, cancellationToken);
            if (job.Record.HasEnded)
            {
                yield return job;
                yield break;
            }

            if (first || (job.Progress is { } progress && progress.Version > seen))
            {
                seen = job.Progress?.Version ?? seen;
                yield return job;
            }

            first = false;
            await Task.Delay(interval, _time, cancellationToken);
        }
    }

    /// <summary>Finds a file of a completed job.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="id">The job.</param>
    /// <param name="variant">A format, <c>thumbnail</c>, <c>spritesheet</c> or <c>keyframe</c>; null for the job's main file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JobConflictException"><c>job_not_completed</c>: there are no files yet, or never will be.</exception>
    /// <exception cref="InvalidJobException">The job made no such variant; the message lists those it made.</exception>
    public async Task<JobFile> FindFileAsync(string owner, string id, string? variant, CancellationToken cancellationToken)
    {
        var record = await RecordOfAsync(owner, id, cancellationToken);
        if (record.State != JobState.Completed || record.Files is not { Count: > 0 } files)
        {
            throw new JobConflictException("job_not_completed", $"'{id}' has not completed, so it has no files.");
        }

        return files.FirstOrDefault(file => file.Variant == (variant ?? record.Request.Formats[0]))
            ?? throw new InvalidJobException("variant", "invalid_value", $"'{id}' has no '{variant}'. It has: {string.Join(", ", files.Select(file => file.Variant))}.");
    }

    /// <summary>Opens a job's file; the stream is seekable.</summary>
    public async Task<Stream> OpenFileAsync(JobFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        return await _store.OpenReadAsync(file.Artifact, cancellationToken);
    }

    private static JobRecord Owned(string owner, string id, JobRecord? record) =>
        record is { State: not JobState.Deleted } && record.Owner == owner ? record : throw new JobNotFoundException(id);

    private async Task<JobRecord> RecordOfAsync(string owner, string id, CancellationToken cancellationToken)
    {
        Owner.Validate(owner);
        return Owned(owner, id, JobId.TryParse(id, out _) ? await _records.FindAsync(id, cancellationToken) : null);
    }
}
