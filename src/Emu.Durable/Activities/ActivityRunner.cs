using System.Diagnostics;
using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Replay;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Activities;

/// <summary>Runs an activity and turns whatever becomes of it into data.</summary>
internal sealed class ActivityRunner(ActivityRegistry registry, ILogger logger)
{
    public async Task<ActivityResult> RunAsync(WorkItem item, CancellationToken cancellationToken)
    {
        using var span = DurableTelemetry.StartActivity(item);
        try
        {
            var input = JsonSerializer.Deserialize<JsonElement>(item.Input, DurableJson.Options);
            var invocation = new ActivityInvocation(item.InstanceId, item.Activity, item.Attempt, input);
            var output = await registry.Get(item.Activity).Activity.RunAsync(invocation, cancellationToken);
            var json = output.ValueKind == JsonValueKind.Undefined ? "null" : output.GetRawText();
            return Payload.IsTooLong(json) ? TooLong(item, span) : new ActivityResult(json, null);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, "interrupted");
            return ActivityResult.Interrupted;
        }
        catch (Exception exception)
        {
            // The boundary between the activity's world and the orchestration's: beyond it failures are data.
            var failure = exception is ActivityFailedException failed
                ? failed.Failure
                : new ActivityFailure("internal_error", $"{exception.GetType().Name}: {exception.Message}", Retryable: true);
            logger.ActivityFailed(exception, item.Activity, item.InstanceId, item.Attempt, failure.Code);
            span?.SetStatus(ActivityStatusCode.Error, failure.Code);
            return new ActivityResult(null, failure);
        }
    }

    private ActivityResult TooLong(WorkItem item, Activity? span)
    {
        var message = $"The result of activity '{item.Activity}' is longer than {Payload.MaximumBytes:N0} bytes of JSON. It belongs into the artifact store, its name into the result.";
        logger.ActivityFailed(null, item.Activity, item.InstanceId, item.Attempt, "payload_too_large");
        span?.SetStatus(ActivityStatusCode.Error, "payload_too_large");
        return new ActivityResult(null, new ActivityFailure("payload_too_large", message, Retryable: false));
    }
}
