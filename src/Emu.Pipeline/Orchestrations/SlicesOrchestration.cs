using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Orchestrations;

/// <summary>
/// Calls a stage's activity until the stage is done. A child of its own, so that a long denoise's slices do not make the job's
/// own history long.
/// </summary>
public sealed class SlicesOrchestration : IOrchestration
{
    /// <inheritdoc/>
    public string Name => OrchestrationNames.Slices;

    /// <inheritdoc/>
    public string Version => "1";

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (activity, call) = input.Deserialize<SlicesInput>(PipelineJson.Options)!;
        while (true)
        {
            var result = await context.CallActivityAsync<StageResult>(activity, call, StageRetries.Model);
            if (result.Done)
            {
                return JsonSerializer.SerializeToElement(result, PipelineJson.Options);
            }

            call = call with { Unit = result.Unit, Checkpoint = result.Checkpoint };
        }
    }
}

/// <summary>What the orchestration of a stage's further slices starts with.</summary>
/// <param name="Activity">The stage's activity.</param>
/// <param name="Call">The next slice's call.</param>
public sealed record SlicesInput(string Activity, StageCall Call);
