using Microsoft.Extensions.Logging;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>The log messages that engines share.</summary>
internal static partial class EngineLogs
{
    [LoggerMessage(1, LogLevel.Information, "The durable engine has started on task hub {TaskHub}")]
    public static partial void SharedEngineStarted(this ILogger logger, string taskHub);

    [LoggerMessage(2, LogLevel.Information, "The durable engine has stopped")]
    public static partial void SharedEngineStopped(this ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "The durable engine could not stop in order within {Timeout}; other processes take its work when its time is over")]
    public static partial void SharedEngineStopTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(EventId = 7, Message = "Activity {Activity} of {InstanceId} failed at attempt {Attempt}: {Code}: {Message}")]
    public static partial void SharedActivityFailed(this ILogger logger, LogLevel level, Exception? exception, string activity, string instanceId, int attempt, string code, string message);

    [LoggerMessage(8, LogLevel.Information, "{InstanceId}: {Message}")]
    public static partial void SharedOrchestrationLog(this ILogger logger, string instanceId, string message);
}
