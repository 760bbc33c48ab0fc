using System.Diagnostics;
using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Activities;

/// <summary>Runs an activity within a span, and logs its failure.</summary>
internal sealed class ActivityRunner(ActivityRegistry registry, ILogger logger)
{
    public async Task<ActivityResult> RunAsync(WorkItem item, CancellationToken cancellationToken)
    {
        using var span = DurableTelemetry.StartActivity(item);
        var input = JsonSerializer.Deserialize<JsonElement>(item.Input, DurableJson.Options);
        var invocation = new ActivityInvocation(item.InstanceId, item.Activity, item.Attempt, input);
        var result = await ActivityResult.RunAsync(registry.Find(item.Activity)!.Activity, invocation, cancellationToken);
        if (result.IsInterrupted)
        {
            span?.SetStatus(ActivityStatusCode.Error, "interrupted");
        }
        else if (result.Failure is { } failure)
        {
            logger.ActivityFailed(Logs.LevelOf(failure), result.Exception, item.Activity, item.InstanceId, item.Attempt, failure.Code, failure.Message);
            span?.SetStatus(ActivityStatusCode.Error, failure.Code);
        }

        return result;
    }
}
