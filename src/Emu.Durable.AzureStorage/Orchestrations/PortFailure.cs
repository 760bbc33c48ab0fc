using System.Text.Json;
using DurableTask.Core;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Durable.AzureStorage.Orchestrations;

/// <summary>Failures on their way through DurableTask, which keeps a type name and a message: the message is the failure as JSON.</summary>
internal static class PortFailure
{
    private const string TypeName = "Emu.Failure";

    public static FailureDetails Details(ActivityFailure failure) => new(TypeName, Payload.Serialize(failure), stackTrace: null, innerFailure: null, isNonRetriable: !failure.Retryable);

    /// <summary>The failure in a message of DurableTask; any other message is one of the given code.</summary>
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
                // Not one of ours: DurableTask's own words.
            }
        }

        return new ActivityFailure(otherwise, message ?? otherwise, Retryable: false);
    }
}

/// <summary>Ends an orchestration's code with a failure.</summary>
internal sealed class PortFailureException(ActivityFailure failure, Exception innerException) : Exception(Payload.Serialize(failure), innerException)
{
    /// <summary>What an exception of an orchestration becomes.</summary>
    public static PortFailureException From(Exception exception) => new(
        exception is ActivityFailedException failed
            ? failed.Failure
            : new ActivityFailure("internal_error", $"{exception.GetType().Name}: {exception.Message}", Retryable: false),
        exception);
}
