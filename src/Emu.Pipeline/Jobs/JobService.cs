using System.Runtime.CompilerServices;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Models;
using Emu.Pipeline.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Jobs;

/// <summary>Creates, reads, cancels and deletes jobs; shared by the HTTP API, the command line and the upload triggers.</summary>
/// <exception cref="ArtifactStoreException">From every member: the store failed.</exception>
/// <exception cref="JobNotFoundException">From every member with an id: it is none of the owner's jobs.</exception>
public sealed class JobService
{
    private readonly IArtifactStore _store;
    private readonly IOrchestrationClient? _client;
    private readonly JobServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly IJobProgressStore _progress;
    private readonly JobSignals _signals;
    private readonly JobRecords _records;
    private readonly JobCreation _creation;
    private readonly JobRemoval _removal;
    private readonly JobListing _listing;

    /// <summary>
    /// Creates the service. By default models and progress are kept in the store, the free space is not checked, and changes are found by
    /// polling: pass the signals of those who make them. Without a reader of prompts or checks of edits, any text is taken. Without a client (in a process without the engine) the sweep of the engine's
    /// process starts the jobs.
    /// </summary>
    public JobService(
        IArtifactStore store, IOrchestrationClient? client = null, IFreeSpace? space = null, JobServiceOptions? options = null, TimeProvider? time = null,
        IModelCatalog? models = null, IJobProgressStore? progress = null, JobSignals? signals = null, ILogger<JobService>? logger = null, IPromptReader? prompts = null, IEditChecks? edits = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _client = client;
        _options = options ?? new JobServiceOptions();
        _time = time ?? TimeProvider.System;
        _signals = signals ?? new JobSignals();
        _progress = progress ?? new StoredJobProgress(store, _signals);
        _records = new JobRecords(store);
        Models = models ?? new StoredModelCatalog(store, _time);
        Reserve = new StorageReserve(space, _options.DiskReserve);
        _creation = new JobCreation(store, new JobStarter(store, client), Models, new PromptChecks(prompts), edits, _progress, Reserve, _options, _time);
        _removal = new JobRemoval(store, client, _progress);
        _listing = new JobListing(store, _progress, logger ?? NullLogger<JobService>.Instance);
    }

    /// <summary>The models that requests can name.</summary>
    public IModelCatalog Models { get; }

    /// <summary>The free space without which no job is created.</summary>
    public StorageReserve Reserve { get; }

    /// <summary>Creates a job: checks the draft, stores the job and starts its orchestration.</summary>
    /// <param name="owner">The job's owner.</param>
    /// <param name="draft">The request.</param>
    /// <param name="picture">The user's picture, if there is one.</param>
    /// <param name="options">Idempotency key and limit.</param>
    /// <param name="cancellationToken">Stops; the sweep completes the job or removes its traces.</param>
    /// <exception cref="InvalidJobException">The request is invalid. Nothing was stored.</exception>
    /// <exception cref="IdempotencyMismatchException">The key was used for another request.</exception>
    /// <exception cref="JobConflictException"><c>idempotency_in_flight</c>: the first request with that key is still being processed.</exception>
    /// <exception cref="TooManyJobsException">The owner has as many jobs in flight as allowed. Nothing was stored.</exception>
    /// <exception cref="StorageReserveException">The disk is nearly full. Nothing was stored.</exception>
    public Task<CreatedJob> CreateAsync(string owner, JobDraft draft, InputPicture? picture, CreateOptions? options, CancellationToken cancellationToken) =>
        CreateFromAsync(owner, draft, new JobPictures { Input = picture }, options, cancellationToken);

    /// <summary>Creates a job from several pictures, as edits are.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public Task<CreatedJob> CreateFromAsync(string owner, JobDraft draft, JobPictures pictures, CreateOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(pictures);
        Owner.Validate(owner);
        return _creation.CreateAsync(owner, draft, pictures, options ?? new CreateOptions(), cancellationToken);
    }

    /// <summary>Checks a request as its creation would, and stores nothing.</summary>
    /// <exception cref="InvalidJobException">It would be refused.</exception>
    public Task CheckAsync(JobDraft draft, JobPictures pictures, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(pictures);
        return _creation.CheckAsync(draft, pictures, JobArtifacts.Of("check", pictures), cancellationToken);
    }

    /// <summary>Creates a job with a completed video's settings and keyframe, and another prompt.</summary>
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

    /// <summary>Creates a job with a failed one's request, seed included.</summary>
    /// <exception cref="JobConflictException"><c>job_not_failed</c>: it has not failed.</exception>
    public async Task<CreatedJob> RetryAsync(string owner, string id, CreateOptions? options, CancellationToken cancellationToken)
    {
        var source = await RecordOfAsync(owner, id, cancellationToken);
        if (source.State != JobState.Failed)
        {
            throw new JobConflictException("job_not_failed", $"'{id}' has not failed; only failed jobs are taken again.");
        }

        var pictures = await JobPictures.ReadAsync(_store, source, cancellationToken);
        return await CreateFromAsync(owner, JobDraft.From(source.Request), pictures, options, cancellationToken);
    }

    /// <summary>A job at this moment.</summary>
    public async Task<JobSnapshot> GetAsync(string owner, string id, CancellationToken cancellationToken) =>
        await SnapshotAsync(await RecordOfAsync(owner, id, cancellationToken), cancellationToken);

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
    /// Requests a job's cancellation: a queued job ends at once, a running one within a step, as failed with code <c>cancelled</c>.
    /// An ended job is not changed.
    /// </summary>
    public async Task<JobSnapshot> CancelAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await RecordOfAsync(owner, id, cancellationToken);
        var change = await _records.ChangeAsync(
            id, record => record.HasEnded || record.CancelRequestedAt is not null ? null : record with { CancelRequestedAt = _time.GetUtcNow() }, cancellationToken);
        var record = Owned(owner, id, change?.Record);
        if (!record.HasEnded && _client is not null)
        {
            await _client.RaiseEventAsync(id, OrchestrationNames.CancelEvent, null, cancellationToken);
        }

        _signals.Raise(id);
        return await SnapshotAsync(record, cancellationToken);
    }

    /// <summary>Deletes a job and its files, whether it has ended or not. Its record is kept for a while as a tombstone, which clients do not see.</summary>
    public async Task DeleteAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await RecordOfAsync(owner, id, cancellationToken);
        await _removal.DeleteAsync(id, _time.GetUtcNow(), cancellationToken);
        _signals.Raise(id);
    }

    /// <summary>Waits until a job has ended or the timeout has passed.</summary>
    /// <returns>The job at that moment.</returns>
    public async Task<JobSnapshot> WaitForEndAsync(string owner, string id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var subscription = _signals.Subscribe(id);
        while (true)
        {
            var record = await RecordOfAsync(owner, id, cancellationToken);
            var left = timeout - _time.GetElapsedTime(started);
            if (record.HasEnded || left <= TimeSpan.Zero)
            {
                return await SnapshotAsync(record, cancellationToken);
            }

            await subscription.WaitAsync(left < _options.PollInterval ? left : _options.PollInterval, _time, cancellationToken);
        }
    }

    /// <summary>
    /// A job's states from now to its end. Changes in this process are seen at once, those of other processes within
    /// <see cref="JobServiceOptions.PollInterval"/>. Progress is returned only if its version is above <paramref name="after"/>, if given.
    /// </summary>
    public async IAsyncEnumerable<JobSnapshot> WatchAsync(string owner, string id, ProgressVersion? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = after ?? new ProgressVersion(-1, 0);
        var first = after is null;
        using var subscription = _signals.Subscribe(id);
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
            await subscription.WaitAsync(_options.PollInterval, _time, cancellationToken);
        }
    }

    /// <summary>Finds a file of a completed job, or the keyframe of one that is at work.</summary>
    /// <param name="owner">The job's owner.</param>
    /// <param name="id">The job.</param>
    /// <param name="variant">A format, <c>thumbnail</c>, <c>spritesheet</c> or <c>keyframe</c>; null for the job's main file.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="JobConflictException"><c>job_not_completed</c>: the job has not completed, or has no keyframe yet.</exception>
    /// <exception cref="InvalidJobException">The job made no such variant; the message lists those it made.</exception>
    public async Task<JobFile> FindFileAsync(string owner, string id, string? variant, CancellationToken cancellationToken) =>
        await new JobFiles(_store).FindAsync(await RecordOfAsync(owner, id, cancellationToken), variant, cancellationToken);

    /// <summary>Opens a job's file; the stream is seekable.</summary>
    public async Task<Stream> OpenFileAsync(JobFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        return await _store.OpenReadAsync(file.Artifact, cancellationToken);
    }

    private static JobRecord Owned(string owner, string id, JobRecord? record) =>
        record is { State: not JobState.Deleted } && record.Owner == owner ? record : throw new JobNotFoundException(id);

    private async Task<JobSnapshot> SnapshotAsync(JobRecord record, CancellationToken cancellationToken) =>
        new(record, await _progress.FindAsync(record.Id, cancellationToken));

    private async Task<JobRecord> RecordOfAsync(string owner, string id, CancellationToken cancellationToken)
    {
        Owner.Validate(owner);
        return Owned(owner, id, JobId.TryParse(id, out _) ? await _records.FindAsync(id, cancellationToken) : null);
    }
}
