using System.Globalization;
using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Durable.CrashHost;

/// <summary>A job of three stages: two children one after the other, and two side by side. Its result names every attempt that counted.</summary>
internal sealed class Job : IOrchestration
{
    /// <summary>The name.</summary>
    public string Name => "job";

    /// <summary>The version.</summary>
    public string Version => "1";

    /// <summary>A job's id.</summary>
    public static string Id(int job) => string.Create(CultureInfo.InvariantCulture, $"job_{job:D5}");

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input)
    {
        var results = new List<string>
        {
            await StageAsync(context, "keyframe"),
            await StageAsync(context, "animate"),
        };
        results.AddRange(await Task.WhenAll(StageAsync(context, "upsample.0"), StageAsync(context, "upsample.1")));
        return JsonSerializer.SerializeToElement(results, DurableJson.Options);
    }

    private static Task<string> StageAsync(IOrchestrationContext context, string stage) =>
        context.CallChildAsync<string>("stage", $"{context.InstanceId}.{stage}", stage);
}
