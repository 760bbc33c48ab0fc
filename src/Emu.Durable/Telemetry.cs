using System.Diagnostics;
using Emu.Durable.Abstractions;
using Emu.Durable.Activities;
using Microsoft.Extensions.Logging;

namespace Emu.Durable;

/// <summary>The engine's trace source: a span for every run of an activity, in the trace of the caller that started the instance.</summary>
internal static class DurableTelemetry
{
    private static readonly ActivitySource Source = new("Emu.Durable");

    /// <summary>The trace context stored with a new instance: the caller's, or that of a new span if the caller has none.</summary>
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

/// <summary>The engine's log messages. Warnings are for an operator to act on: what a caller brought about is information.</summary>
internal static partial class Logs
{
    public static LogLevel LevelOf(ActivityFailure failure) => failure.IsOfCaller ? LogLevel.Information : LogLevel.Warning;

    [LoggerMessage(1, LogLevel.Information, "The durable engine has started on {Place}: {Unfinished} unfinished instances, {Activities} activities to run again")]
    public static partial void EngineStarted(this ILogger logger, string place, int unfinished, int activities);

    [LoggerMessage(2, LogLevel.Information, "The durable engine has stopped")]
    public static partial void EngineStopped(this ILogger logger);

    [LoggerMessage(3, LogLevel.Critical, "The durable engine has stopped because of an error")]
    public static partial void EngineFaulted(this ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "The durable engine could not store what happened; it tries again in {Delay}")]
    public static partial void CommitFailed(this ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(5, LogLevel.Warning, "Activities have not stopped within {Timeout}; they run again after the next start")]
    public static partial void StopTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(EventId = 6, Message = "Activity {Activity} of {InstanceId} failed at attempt {Attempt}: {Code}: {Message}")]
    public static partial void ActivityFailed(this ILogger logger, LogLevel level, Exception? exception, string activity, string instanceId, int attempt, string code, string message);

    [LoggerMessage(7, LogLevel.Debug, "{InstanceId} has ended: {Status}")]
    public static partial void InstanceEnded(this ILogger logger, string instanceId, string status);

    [LoggerMessage(EventId = 8, Message = "{InstanceId} has ended: {Status} with {Code}: {Message}")]
    public static partial void InstanceFailed(this ILogger logger, LogLevel level, string instanceId, string status, string code, string message);

    [LoggerMessage(9, LogLevel.Information, "{InstanceId}: {Message}")]
    public static partial void OrchestrationLog(this ILogger logger, string instanceId, string message);

    [LoggerMessage(10, LogLevel.Warning, "A turn of {InstanceId} ({Orchestration}) took {Elapsed}: an orchestration's code must not block")]
    public static partial void SlowTurn(this ILogger logger, string instanceId, string orchestration, TimeSpan elapsed);

    [LoggerMessage(11, LogLevel.Critical, "The durable engine has ended by itself; the host stops")]
    public static partial void EngineEnded(this ILogger logger, Exception? exception);
}
