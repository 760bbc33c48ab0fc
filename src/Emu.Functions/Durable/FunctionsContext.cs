using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Durable;

/// <summary>The port's context over that of Durable Functions, which is the SDK's own type. Payloads are JSON elements: the host writes them as they are.</summary>
internal sealed class FunctionsContext(TaskOrchestrationContext inner, OrchestrationRegistry registry, ILogger logger)
    : SdkContext<JsonElement>(inner, registry, new RaisedEvents(), logger)
{
    /// <summary>The code of a failure that says no more than that a process was lost.</summary>
    public const string WorkerLost = "worker_lost";

    protected override string NameOf(string activity) => FunctionNames.OfActivity(activity);

    protected override JsonElement Write(string json) => JsonSerializer.Deserialize<JsonElement>(json, DurableJson.Options);

    // What the host keeps as nothing at all is null in JSON.
    protected override string Read(JsonElement payload) => payload.ValueKind == JsonValueKind.Undefined ? "null" : payload.GetRawText();

    // On Azure Storage a queue counts a timer's delay in whole seconds and cuts off the rest: asked for a second later, it is never early.
    protected override Task TimerAsync(DateTime fireAt, CancellationToken cancellationToken) =>
        base.TimerAsync(fireAt > CurrentTime.UtcDateTime ? fireAt.AddSeconds(1) : fireAt, cancellationToken);

    protected override async Task<string> ActivityAsync(string name, string call)
    {
        var result = await base.ActivityAsync(name, call);
        return ActivityAnswer.FailureIn(result) is { } failure ? throw new ActivityFailedException(failure) : result;
    }

    // When a worker process dies, the host fails the activities that ran in it, in words of its own.
    protected override ActivityFailure Explain(TaskFailedException exception, bool isActivity)
    {
        if (!isActivity)
        {
            return base.Explain(exception, isActivity);
        }

        var failure = FailureMessage.Read(exception.FailureDetails?.ErrorMessage ?? exception.Message, WorkerLost);
        return failure.Code == WorkerLost ? failure with { Retryable = true } : failure;
    }
}

/// <summary>
/// What an activity function returns: the activity's result, or its failure as data. The host puts what a function throws into words of
/// its own, in which no failure can be read.
/// </summary>
internal static class ActivityAnswer
{
    private const string FailureProperty = "$failure";

    /// <summary>What a function returns for an activity's result.</summary>
    public static JsonElement Write(ActivityResult result) => result.Failure is { } failure
        ? JsonSerializer.SerializeToElement(new Dictionary<string, ActivityFailure> { [FailureProperty] = failure }, DurableJson.Options)
        : JsonSerializer.Deserialize<JsonElement>(result.Output!, DurableJson.Options);

    /// <summary>The failure in what a function returned; null if it is a result.</summary>
    public static ActivityFailure? FailureIn(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(FailureProperty, out var failure)
            ? failure.Deserialize<ActivityFailure>(DurableJson.Options)
            : null;
    }
}
