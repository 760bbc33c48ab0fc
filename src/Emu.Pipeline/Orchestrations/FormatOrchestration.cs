using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Orchestrations;

/// <summary>Makes one further format of a completed job.</summary>
public sealed class FormatOrchestration : IOrchestration
{
    /// <inheritdoc/>
    public string Name => OrchestrationNames.Format;

    /// <inheritdoc/>
    public string Version => "1";

    /// <inheritdoc/>
    public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CallActivityAsync<JsonElement>(StageNames.Format, input, StageRetries.Encode);
    }
}
