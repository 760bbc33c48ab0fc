using System.Diagnostics;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Models;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Telemetry;

namespace Emu.Pipeline.Jobs;

/// <summary>
/// Creates a job in this order: idempotency claim, in-flight entry, pictures, record, listing entries, orchestration. If the process
/// ends in between, the sweep completes the job or removes its traces.
/// </summary>
internal sealed class JobCreation(IArtifactStore store, JobStarter starter, IModelCatalog models, PromptChecks prompts, IEditChecks? edits, IJobProgressStore progress, StorageReserve reserve, JobServiceOptions options, TimeProvider time)
{
    private readonly JobRecords _records = new(store);
    private readonly IdempotencyClaims _claims = new(store, options, time);
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<CreatedJob> CreateAsync(string owner, JobDraft draft, JobPictures pictures, CreateOptions how, CancellationToken cancellationToken)
    {
        using var span = PipelineTelemetry.Source.StartActivity("create job", ActivityKind.Internal);
        var now = time.GetUtcNow();
        var id = JobId.New(draft.Kind, now);
        string? name = null;
        IdempotencyClaim? claim = null;
        if (how.IdempotencyKey is { } key)
        {
            // Before every check whose result changes with time: a replay gets its job even if a new one would be refused.
            CheckKey(key);
            name = JobNames.Claim(owner, key);
            claim = new IdempotencyClaim(IdempotencyClaims.HashOf(draft, pictures), id.ToString());
            if (await _claims.FindAsync(name, claim, cancellationToken) is { } first)
            {
                return await ReplayAsync(first, cancellationToken);
            }
        }

        (draft, var request) = await CheckAsync(draft, pictures, JobArtifacts.Of(id.ToString(), pictures), cancellationToken);
        if (reserve.Shortage() is { } shortage)
        {
            throw shortage;
        }

        if (name is not null && claim is not null && await _claims.TakeAsync(name, claim, cancellationToken) is { } earlier)
        {
            return await ReplayAsync(earlier, cancellationToken);
        }

        var record = new JobRecord
        {
            Id = id.ToString(),
            Owner = owner,
            Request = request,
            CreatedAt = id.CreatedAt,
            Warnings = draft.Warnings,
            Claim = name,
            TraceParent = span?.Id,
        };
        span?.SetTag("emu.job.id", record.Id).SetTag("gen_ai.request.model", request.Model);
        await StoreAsync(record, pictures, how.MaximumInFlight, cancellationToken);
        PipelineTelemetry.JobsCreated.Add(1, new KeyValuePair<string, object?>("emu.job.kind", id.ToString()[..id.ToString().IndexOf('_', StringComparison.Ordinal)]));

        // From here on the job is accepted: if this process ends, the sweep does the rest.
        await starter.ListAsync(record, cancellationToken);
        await starter.StartAsync(record, cancellationToken);
        return new CreatedJob(new JobSnapshot(record, null), false);
    }

    /// <summary>Checks a draft against its model.</summary>
    /// <returns>The draft with its warnings, and the request.</returns>
    public async Task<(JobDraft Draft, JobRequest Request)> CheckAsync(JobDraft draft, JobPictures pictures, JobArtifacts artifacts, CancellationToken cancellationToken)
    {
        draft = draft.Kind == JobKind.Edit && edits is not null ? await edits.ChooseModelAsync(draft, pictures.Mask is not null, cancellationToken) : draft;
        var model = await FindModelAsync(draft.Model, cancellationToken);
        var request = JobRequestChecks.Resolve(draft, model, artifacts, time.GetUtcNow(), options.AllowPrivateWebhooks);
        // Of a picture that is moved as it is, the prompt says no more than how.
        draft = draft.Kind == JobKind.Video && pictures.Input is not null && model.MovesPictures ? draft
            : draft.Kind != JobKind.Edit ? await prompts.CheckAsync(draft, model, cancellationToken)
            : edits is not null ? await edits.CheckAsync(draft, pictures, cancellationToken)
            : draft;
        return (draft, request);
    }

    private async Task<CreatedJob> ReplayAsync(JobRecord record, CancellationToken cancellationToken) =>
        new(new JobSnapshot(record, await progress.FindAsync(record.Id, cancellationToken)), true);

    private async Task StoreAsync(JobRecord record, JobPictures pictures, int? maximumInFlight, CancellationToken cancellationToken)
    {
        try
        {
            await EnterInFlightAsync(record, maximumInFlight, cancellationToken);
            foreach (var (name, picture) in pictures.All)
            {
                await store.WriteAsync(JobNames.Input(record.Id, picture.Extension, name), (stream, token) => stream.WriteAsync(picture.Content, token).AsTask(), cancellationToken);
            }

            if (time.GetUtcNow() - record.CreatedAt > options.CreationTimeout)
            {
                // The sweep or a second request may soon consider this creation abandoned: then there would be two jobs.
                throw new ArtifactStoreException("The store was too slow to take the job. Try again.", true);
            }

            await _records.CreateAsync(record, cancellationToken);
        }
        catch
        {
            await UndoAsync(record);
            throw;
        }
    }

    // The entry is created before the count, so that concurrent processes never exceed the limit together. Within this process
    // an owner's creations take turns, so that none is refused because of an entry that is removed again at once.
    private async Task EnterInFlightAsync(JobRecord record, int? maximum, CancellationToken cancellationToken)
    {
        var entry = JobNames.InFlightEntry(record.Owner, record.Id);
        if (maximum is not { } limit || limit == int.MaxValue)
        {
            await store.CreateAsync(entry, default, cancellationToken);
            return;
        }

        var gate = _gates[(uint)record.Owner.GetHashCode(StringComparison.Ordinal) % _gates.Length];
        await gate.WaitAsync(cancellationToken);
        try
        {
            await store.CreateAsync(entry, default, cancellationToken);
            if (await store.CountAsync($"{JobNames.InFlight}{record.Owner}/", limit + 1, cancellationToken) > limit)
            {
                await store.DeleteAsync(entry, cancellationToken);
                throw new TooManyJobsException(limit);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    // Not cancellable: half of a creation would block the key and count as in flight until the next sweep.
    private async Task UndoAsync(JobRecord record)
    {
        try
        {
            if (await _records.FindAsync(record.Id, CancellationToken.None) is not null)
            {
                return;
            }

            foreach (var picture in record.Request.Pictures)
            {
                await store.DeleteAsync(picture, CancellationToken.None);
            }

            await store.DeleteAsync(JobNames.InFlightEntry(record.Owner, record.Id), CancellationToken.None);
            await IdempotencyClaims.ReleaseAsync(store, record, CancellationToken.None);
        }
        catch (ArtifactStoreException)
        {
            // The store is what failed. The sweep clears entries and claims without a record.
        }
    }

    private async Task<ModelCapabilities> FindModelAsync(string? name, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return await models.FindDefaultAsync(cancellationToken)
                ?? throw new InvalidJobException("model", "model_not_found", "No model is published here yet: start a host that runs one.");
        }

        if (await models.FindAsync(name, cancellationToken) is { } model)
        {
            return model;
        }

        var known = await models.ListAsync(cancellationToken);
        throw new InvalidJobException("model", "model_not_found", $"There is no model '{TextLength.Shorten(name, 60)}'.{(TextDistance.Nearest(name, known.Select(other => other.Name)) is { } near ? $" The nearest is '{near}'." : "")} Models: {string.Join(", ", known.Select(other => other.Name))}.");
    }

    private static void CheckKey(string key)
    {
        if (key.Length is 0 or > CreateOptions.MaximumKeyLength)
        {
            throw new InvalidJobException("Idempotency-Key", "invalid_value", $"An idempotency key must have 1 to {CreateOptions.MaximumKeyLength} characters.");
        }
    }
}

/// <summary>Creates a stored job's listing entries and starts its orchestration, each only if absent.</summary>
internal sealed class JobStarter(IArtifactStore store, IOrchestrationClient? client)
{
    /// <summary>Creates a job's listing entries.</summary>
    public async Task ListAsync(JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var id = JobId.Parse(record.Id);
        await store.CreateAsync(JobNames.IndexEntry(record.Owner, JobOrder.NewestFirst, id), default, cancellationToken);
        await store.CreateAsync(JobNames.IndexEntry(record.Owner, JobOrder.OldestFirst, id), default, cancellationToken);
    }

    /// <summary>Starts a job's orchestration unless one exists, running or ended. Without a client the sweep of the store's owner starts it.</summary>
    /// <returns>True if this call started it.</returns>
    public async Task<bool> StartAsync(JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var input = new JobInput(record.Id, record.Request.Deadline);
        return client is not null && await client.StartIfAbsentAsync(OrchestrationNames.Of(record.Request.Kind), record.Id, input, cancellationToken);
    }
}
