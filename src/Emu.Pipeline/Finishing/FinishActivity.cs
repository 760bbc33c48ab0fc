using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Finishing;

/// <summary>The activity that ends a job.</summary>
public sealed class FinishActivity(JobFinisher finisher) : IActivity
{
    /// <inheritdoc/>
    public string Name => StageNames.Finish;

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var call = invocation.Input.Deserialize<FinishCall>(PipelineJson.Options)!;
        try
        {
            var state = await finisher.FinishAsync(call.JobId, call.Error, cancellationToken);
            return JsonSerializer.SerializeToElement(state, PipelineJson.Options);
        }
        catch (ArtifactStoreException exception)
        {
            throw StageFailures.From(exception, Name);
        }
    }
}

/// <summary>The message that ends a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Error">Why it failed; null if every stage is done.</param>
public sealed record FinishCall(string JobId, JobError? Error);
