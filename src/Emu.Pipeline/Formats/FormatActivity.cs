using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Formats;

/// <summary>
/// The activity that makes a further format of a completed job from the frames that its stages left. The file counts once the
/// job's record names it; one that was made for a job that was deleted meanwhile is removed.
/// </summary>
/// <param name="stage">Encodes the one format of its run's request.</param>
/// <param name="store">The jobs' artifacts.</param>
/// <param name="signals">Is raised when the format is there.</param>
/// <param name="time">The clock.</param>
public sealed class FormatActivity(IStage stage, IArtifactStore store, JobSignals? signals = null, TimeProvider? time = null) : IActivity
{
    private readonly JobRecords _records = new(store);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public string Name => StageNames.Format;

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var call = invocation.Input.Deserialize<FormatCall>(PipelineJson.Options)!;
        try
        {
            return JsonSerializer.SerializeToElement(await MakeAsync(call, cancellationToken), PipelineJson.Options);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw StageFailures.From(exception, Name);
        }
    }

    private async Task<JobFile> MakeAsync(FormatCall call, CancellationToken cancellationToken)
    {
        var job = await _records.FindAsync(call.JobId, cancellationToken);
        if (job is not { State: JobState.Completed })
        {
            throw Deleted(call.JobId);
        }

        if (job.Files?.FirstOrDefault(file => file.Variant == call.Format) is { } there)
        {
            return there;
        }

        var run = await PrepareAsync(job, call.Format, cancellationToken);
        var outcome = await stage.RunAsync(run, cancellationToken);
        var made = JobFiles.Of(outcome.Files!.Single());
        var change = await _records.ChangeAsync(
            call.JobId,
            record => record.State != JobState.Completed || record.Files!.Any(file => file.Variant == made.Variant) ? null : record with { Files = [.. record.Files!, made] },
            cancellationToken);
        if (change is not { Changed: true })
        {
            await store.DeleteAsync(made.Artifact, cancellationToken);
            return change?.Record.Files?.FirstOrDefault(file => file.Variant == made.Variant) ?? throw Deleted(call.JobId);
        }

        signals?.Raise(call.JobId);
        return made;
    }

    private async Task<StageRun> PrepareAsync(JobRecord job, string format, CancellationToken cancellationToken)
    {
        var manifests = new StageManifests(store, job.Id);
        var chunks = (await manifests.FindAsync(StageNames.Interpolate, cancellationToken))?.Chunks ?? 0;
        var reads = job.Request.Kind switch
        {
            JobKind.Video => Enumerable.Range(0, chunks).Select(chunk => StageNames.Chunk(StageNames.Upsample, chunk)),
            JobKind.Edit => [StageNames.Composite],
            _ => [StageNames.Keyframe],
        };
        var inputs = new Dictionary<string, StageManifest>(StringComparer.Ordinal);
        foreach (var name in reads)
        {
            inputs[name] = await manifests.FindAsync(name, cancellationToken)
                ?? throw new ActivityFailedException(new ActivityFailure(FailureCodes.MissingInput, $"'{job.Id}' has no files of stage {name}.", false));
        }

        var call = new StageCall(job.Id, new StageSpan(1, 1, 100, 100), [.. inputs.Keys]);

        // The job has ended: its progress is not written any more.
        var progress = new StageProgress(store, new InMemoryJobProgress(), call, Name, TimeSpan.MaxValue, _time);
        var wanted = job with { Request = job.Request with { Formats = [format] } };
        return new StageRun(call, $"{Name}.{format}", wanted, inputs, "", store, new TimeBudget(TimeSpan.MaxValue, _time), progress);
    }

    private static ActivityFailedException Deleted(string id) =>
        new(new ActivityFailure(FailureCodes.Cancelled, $"'{id}' was deleted before the format was made.", false));
}

/// <summary>Which format of which job is to be made.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Format">The format, one that the job's model lists.</param>
public sealed record FormatCall(string JobId, string Format);
