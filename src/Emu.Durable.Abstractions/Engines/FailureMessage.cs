using System.Text.Json;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>Failures on their way through Durable Task, which keeps a type name and a message: the message is the failure as JSON.</summary>
public static class FailureMessage
{
    /// <summary>The failure in a message of Durable Task; any other message is one of the given code.</summary>
    public static ActivityFailure Read(string? message, string otherwise)
    {
        if (message?.IndexOf('{', StringComparison.Ordinal) is { } start and >= 0)
        {
            try
            {
                if (JsonSerializer.Deserialize<ActivityFailure>(message[start..], DurableJson.Options) is { Code: not null, Message: not null } failure)
                {
                    return failure;
                }
            }
            catch (Exception exception) when (exception is JsonException or NullReferenceException)
            {
                // Not one of ours: Durable Task's own words.
            }
        }

        return new ActivityFailure(otherwise, message ?? otherwise, Retryable: false);
    }
}

/// <summary>Ends an activity or an orchestration's code with a failure, within Durable Task.</summary>
/// <param name="failure">The failure.</param>
/// <param name="innerException">What was thrown.</param>
public sealed class FailureMessageException(ActivityFailure failure, Exception? innerException = null) : Exception(Payload.Serialize(failure), innerException)
{
    /// <summary>What an exception of an orchestration becomes.</summary>
    public static FailureMessageException From(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var failure = exception is ActivityFailedException failed
            ? failed.Failure
            : new ActivityFailure("internal_error", $"{exception.GetType().Name}: {exception.Message}", Retryable: false);
        return new FailureMessageException(failure, exception);
    }
}
