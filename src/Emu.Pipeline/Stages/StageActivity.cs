using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Stages;

/// <summary>
/// The activity that runs a stage. The stage runs only if its manifest does not exist yet, and its files count only if this attempt
/// creates the manifest. An attempt that finds the manifest of another one adopts it and changes nothing.
/// </summary>
public sealed class StageActivity(
    IStage stage,
    IArtifactStore store,
    StageOptions? options = null,
    TimeProvider? time = null,
    ILogger<StageActivity>? logger = null,
    IJobProgressStore? progress = null,
    IHostApplicationLifetime? lifetime = null) : IActivity
{
    private const string CancelledMessage = "The job was cancelled or deleted, or has ended.";

    private readonly StageOptions _options = options ?? new StageOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ILogger _logger = logger ?? NullLogger<StageActivity>.Instance;
    private readonly IJobProgressStore _progress = progress ?? new StoredJobProgress(store);
    private readonly JobRecords _records = new(store);

    /// <inheritdoc/>
    public string Name => stage.Name;

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var call = invocation.Input.Deserialize<StageCall>(PipelineJson.Options) ?? throw Failed(FailureCodes.InvalidInput, "The stage was called without input.", false);
        var result = await RunAsync(call, invocation.Attempt, cancellationToken);
        return JsonSerializer.SerializeToElement(result, PipelineJson.Options);
    }

    /// <summary>Runs the stage, or a slice of it.</summary>
    /// <param name="call">What is to be done.</param>
    /// <param name="attempt">Which call under the retry policy this is, from 1.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <exception cref="ActivityFailedException">The stage failed; <c>cancelled</c> if the job was cancelled or deleted, or has ended.</exception>
    public async Task<StageResult> RunAsync(StageCall call, int attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var started = _time.GetTimestamp();
        using var trace = new StageTrace(call, call.Chunk is { } chunk ? StageNames.Chunk(stage.Name, chunk) : stage.Name, stage.Name, attempt);
        try
        {
            var result = await AttemptAsync(call, trace, cancellationToken);
            trace.Succeeded(_time.GetElapsedTime(started));
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            var failed = StageFailures.From(exception, trace.Stage);
            trace.Failed(failed.Failure, _time.GetElapsedTime(started));
            if (!failed.Failure.IsOfCaller)
            {
                _logger.LogWarning(exception, "Stage {Stage} of job {JobId} failed in attempt {Attempt}: {Code}", trace.Stage, call.JobId, attempt, failed.Failure.Code);
            }

            throw failed;
        }
    }

    private async Task<StageResult> AttemptAsync(StageCall call, StageTrace trace, CancellationToken cancellationToken)
    {
        var job = await _records.FindAsync(call.JobId, cancellationToken);
        if (job is not { HasEnded: false, IsCancelledOrDeleted: false })
        {
            throw Failed(FailureCodes.Cancelled, CancelledMessage, false);
        }

        trace.Begin(job);
        var manifests = new StageManifests(store, call.JobId);
        var inputs = new Dictionary<string, StageManifest>(StringComparer.Ordinal);
        foreach (var name in call.Reads)
        {
            inputs[name] = await manifests.FindAsync(name, cancellationToken)
                ?? throw Failed(FailureCodes.MissingInput, $"Stage {trace.Stage} reads stage {name}, which is not done.", false);
        }

        var fingerprint = await stage.FingerprintAsync(job.Request, cancellationToken);
        var hash = InputHash.Compute(trace.Stage, call.Chunks, fingerprint, job.Request, inputs.Values);
        if (await manifests.FindAsync(trace.Stage, cancellationToken) is { } done)
        {
            return Adopt(done, hash, trace);
        }

        var progress = new StageProgress(store, _progress, call, stage.Name, _options.ProgressInterval, _time);
        var budget = new TimeBudget(_options.TimeBudget, _time, lifetime?.ApplicationStopping ?? CancellationToken.None);
        var run = new StageRun(call, trace.Stage, job, inputs, hash, store, budget, progress);
        var outcome = await RunBodyAsync(run, call.JobId, cancellationToken);
        if (outcome.Files is not { } files)
        {
            if (outcome.Unit <= call.Unit)
            {
                throw Failed(FailureCodes.InternalError, $"Stage {trace.Stage} did no unit in a slice: it began at {call.Unit} and would go on at {outcome.Unit}.", false);
            }

            return new StageResult(false, outcome.Unit, outcome.Checkpoint!.Artifact);
        }

        var manifest = new StageManifest(trace.Stage, hash, files, outcome.Chunks, _time.GetUtcNow());
        var counted = await manifests.CreateAsync(manifest, cancellationToken);
        if (!counted.Files.Select(file => file.Artifact).SequenceEqual(files.Select(file => file.Artifact)))
        {
            // Another attempt was first, and only its files count.
            await manifests.DiscardAsync(files, cancellationToken);
            return Adopt(counted, hash, trace);
        }

        await progress.CompleteAsync(cancellationToken);
        return new StageResult(true, Chunks: outcome.Chunks);
    }

    private async Task<StageOutcome> RunBodyAsync(StageRun run, string jobId, CancellationToken cancellationToken)
    {
        await using var monitor = new CancellationMonitor(store, jobId, _options.CancellationInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, monitor.Token);
        try
        {
            return await stage.RunAsync(run, either.Token);
        }
        catch (Exception exception) when (monitor.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A native call that is interrupted may throw any exception.
            throw new ActivityFailedException(new ActivityFailure(FailureCodes.Cancelled, CancelledMessage, false), exception);
        }
    }

    private static StageResult Adopt(StageManifest done, string hash, StageTrace trace)
    {
        if (done.InputHash != hash)
        {
            throw Failed(FailureCodes.InputMismatch, $"Stage {trace.Stage} was done before from other input: the model or the request has changed since.", false);
        }

        trace.Adopted();
        return new StageResult(true, Chunks: done.Chunks);
    }

    private static ActivityFailedException Failed(string code, string message, bool retryable) => new(new ActivityFailure(code, message, retryable));
}

/// <summary>How stages are run.</summary>
public sealed record StageOptions
{
    /// <summary>How long an activity works before it leaves a checkpoint; 20 s by default.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The shortest time between two progress reports; 250 ms by default.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the job's record is read for a cancellation; 500 ms by default.</summary>
    public TimeSpan CancellationInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>Converts exceptions to failures for the orchestration, which say whether another attempt may help.</summary>
internal static class StageFailures
{
    public static ActivityFailedException From(Exception exception, string stage) => exception switch
    {
        ActivityFailedException failed => failed,
        ArtifactStoreException store => Failed(FailureCodes.StoreUnavailable, store.Message, store.Retryable, exception),
        ArtifactNotFoundException => Failed(FailureCodes.MissingInput, exception.Message, false, exception),
        OutOfMemoryException => Failed(FailureCodes.OutOfMemory, $"Stage {stage} ran out of memory.", true, exception),
        _ => Failed(FailureCodes.InternalError, $"Stage {stage} failed: {exception.GetType().Name}: {exception.Message}", true, exception),
    };

    private static ActivityFailedException Failed(string code, string message, bool retryable, Exception exception) => new(new ActivityFailure(code, message, retryable), exception);
}
