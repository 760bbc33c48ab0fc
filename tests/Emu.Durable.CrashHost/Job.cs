using System.Globalization;
using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Durable.CrashHost;

/// <summary>A job of four stages: two children one after the other, and two at the same time. Its result names the attempt that each stage returned.</summary>
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

/// <summary>A stage: one activity, retried when it fails.</summary>
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

/// <summary>
/// Stores a result as a stage of the pipeline does: in a file of its own for the attempt, which is renamed to the stage's name
/// unless an earlier attempt has done so. Returns the attempt that the stage's file holds. One first attempt in eight fails.
/// </summary>
internal sealed class Record(string folder) : IActivity
{
    /// <summary>The name.</summary>
    public string Name => "record";

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Attempt == 1 && Random.Shared.Next(8) == 0)
        {
            throw new ActivityFailedException(new ActivityFailure("device_lost", "Try again.", Retryable: true));
        }

        Directory.CreateDirectory(folder);
        var attempt = Guid.NewGuid().ToString("N");
        var own = Path.Combine(folder, attempt);
        var result = Path.Combine(folder, $"{invocation.InstanceId}.result");
        await File.WriteAllTextAsync(own, attempt, cancellationToken);
        try
        {
            File.Move(own, result, overwrite: false);
        }
        catch (IOException) when (File.Exists(result))
        {
            File.Delete(own);
        }

        return JsonSerializer.SerializeToElement(await File.ReadAllTextAsync(result, cancellationToken), DurableJson.Options);
    }
}
