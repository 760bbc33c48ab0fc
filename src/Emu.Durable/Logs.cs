using Microsoft.Extensions.Logging;

namespace Emu.Durable;

/// <summary>What the engine logs.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "The durable engine has started on {Place}: {Unfinished} unfinished instances, {Activities} activities to run again")]
    public static partial void EngineStarted(this ILogger logger, string place, int unfinished, int activities);

    [LoggerMessage(2, LogLevel.Information, "The durable engine has stopped")]
    public static partial void EngineStopped(this ILogger logger);

    [LoggerMessage(3, LogLevel.Critical, "The durable engine cannot go on")]
    public static partial void EngineFaulted(this ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "The durable engine could not store what happened; it tries again in {Delay}")]
    public static partial void CommitFailed(this ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(5, LogLevel.Warning, "Activities have not noticed the stop within {Timeout}; they run again after the next start")]
    public static partial void StopTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(6, LogLevel.Warning, "Activity {Activity} of {InstanceId} failed at attempt {Attempt}: {Code}")]
    public static partial void ActivityFailed(this ILogger logger, Exception? exception, string activity, string instanceId, int attempt, string code);

    [LoggerMessage(7, LogLevel.Debug, "{InstanceId} has ended: {Status}")]
    public static partial void InstanceEnded(this ILogger logger, string instanceId, string status);

    [LoggerMessage(8, LogLevel.Warning, "{InstanceId} has ended: {Status} with {Code}: {Message}")]
    public static partial void InstanceFailed(this ILogger logger, string instanceId, string status, string code, string message);

    [LoggerMessage(9, LogLevel.Information, "{InstanceId}: {Message}")]
    public static partial void OrchestrationLog(this ILogger logger, string instanceId, string message);

    [LoggerMessage(10, LogLevel.Warning, "A turn of {InstanceId} ({Orchestration}) took {Elapsed}: an orchestration's code must not block")]
    public static partial void SlowTurn(this ILogger logger, string instanceId, string orchestration, TimeSpan elapsed);
}
