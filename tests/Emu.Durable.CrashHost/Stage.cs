using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Durable.CrashHost;

/// <summary>A stage: an activity, tried again when it fails.</summary>
internal sealed class Stage : IOrchestration
{
    /// <summary>The name.</summary>
    public string Name => "stage";

    /// <summary>The version.</summary>
    public string Version => "1";

    /// <inheritdoc/>
    public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) =>
        context.CallActivityAsync<JsonElement>("record", input, new RetryPolicy(3, TimeSpan.FromMilliseconds(5)));
}
