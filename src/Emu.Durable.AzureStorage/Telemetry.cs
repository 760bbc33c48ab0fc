using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage;

/// <summary>The engine's log messages.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "The durable engine has started on task hub {TaskHub}")]
    public static partial void EngineStarted(this ILogger logger, string taskHub);

    [LoggerMessage(2, LogLevel.Information, "The durable engine has stopped")]
    public static partial void EngineStopped(this ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "The durable engine could not stop in order within {Timeout}; other processes take its work when its leases end")]
    public static partial void StopTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(4, LogLevel.Warning, "Queue {Queue} cannot be read, it is tried again until it can: {Reason}")]
    public static partial void StorageFailed(this ILogger logger, string queue, string reason);

    [LoggerMessage(9, LogLevel.Warning, "Queue {Queue} can be read again")]
    public static partial void StorageAnswers(this ILogger logger, string queue);

    [LoggerMessage(5, LogLevel.Warning, "Message {MessageId} of queue {Queue} could not be dealt with, it is delivered again: {Reason}")]
    public static partial void DeliveryFailed(this ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(6, LogLevel.Error, "Message {MessageId} of queue {Queue} cannot be read and is removed: {Reason}")]
    public static partial void MessageUnreadable(this ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(EventId = 7, Message = "Activity {Activity} of {InstanceId} failed at attempt {Attempt}: {Code}: {Message}")]
    public static partial void ActivityFailed(this ILogger logger, LogLevel level, Exception? exception, string activity, string instanceId, int attempt, string code, string message);

    [LoggerMessage(8, LogLevel.Information, "{InstanceId}: {Message}")]
    public static partial void OrchestrationLog(this ILogger logger, string instanceId, string message);
}
