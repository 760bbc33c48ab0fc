using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage;

/// <summary>The log messages of the engine on Azure Storage; the others are those of every shared engine.</summary>
internal static partial class Logs
{
    [LoggerMessage(4, LogLevel.Warning, "Queue {Queue} cannot be read, it is tried again until it can: {Reason}")]
    public static partial void StorageFailed(this ILogger logger, string queue, string reason);

    [LoggerMessage(9, LogLevel.Warning, "Queue {Queue} can be read again")]
    public static partial void StorageAnswers(this ILogger logger, string queue);

    [LoggerMessage(5, LogLevel.Warning, "Message {MessageId} of queue {Queue} could not be dealt with, it is delivered again: {Reason}")]
    public static partial void DeliveryFailed(this ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(6, LogLevel.Error, "Message {MessageId} of queue {Queue} cannot be read and is removed: {Reason}")]
    public static partial void MessageUnreadable(this ILogger logger, string queue, string messageId, string reason);
}
