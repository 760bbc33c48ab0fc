using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Orchestrations;

/// <summary>Puts an upload's results into its outputs, trying for a day while the container cannot be reached.</summary>
public sealed class UploadResultOrchestration : IOrchestration
{
    private static readonly RetryPolicy Unreachable = new(40, TimeSpan.FromSeconds(2), 2, TimeSpan.FromMinutes(45));

    /// <inheritdoc/>
    public string Name => OrchestrationNames.UploadResult;

    /// <inheritdoc/>
    public string Version => "1";

    /// <inheritdoc/>
    public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CallActivityAsync<JsonElement>(UploadResultActivity.ActivityName, input, Unreachable);
    }
}
