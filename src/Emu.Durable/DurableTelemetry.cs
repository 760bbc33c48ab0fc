using System.Diagnostics;
using Emu.Durable.Activities;

namespace Emu.Durable;

/// <summary>The engine's trace source: a span for every run of an activity, in the trace of whoever started the instance.</summary>
internal static class DurableTelemetry
{
    private static readonly ActivitySource Source = new("Emu.Durable");

    /// <summary>The trace context to keep with a new instance; a span of its own where the caller has none.</summary>
    public static string? TraceParentOfStart(string orchestration, string instanceId)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } current)
        {
            return current.Id;
        }

        using var span = Source.StartActivity($"start {orchestration}", ActivityKind.Producer);
        span?.SetTag("emu.instance.id", instanceId);
        return span?.Id;
    }

    public static Activity? StartActivity(WorkItem item)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(item.TraceParent, null, isRemote: true, out var parent);
        var span = Source.StartActivity($"activity {item.Activity}", ActivityKind.Internal, parent);
        span?.SetTag("emu.instance.id", item.InstanceId);
        span?.SetTag("emu.activity.name", item.Activity);
        span?.SetTag("emu.activity.attempt", item.Attempt);
        span?.SetTag("emu.activity.delivery", item.Deliveries);
        return span;
    }
}
