using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.History;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Durable.AzureStorage.Activities;

/// <summary>A message in a queue of activities: a call of an activity, or an event for an instance that has not begun yet.</summary>
internal sealed record ActivityMessage
{
    /// <summary>The calling instance, or the one that gets the event.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The calling instance's execution; null for an event.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>The call's number within the instance.</summary>
    public int Task { get; init; }

    /// <summary>The attempt under the retry policy, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The activity's or the event's name.</summary>
    public required string Name { get; init; }

    /// <summary>JSON of the activity's input, or the event as <see cref="RaisedEvent"/> writes it.</summary>
    public required string Input { get; init; }

    /// <summary>How many deliveries ended because a worker stopped in order.</summary>
    public int Returned { get; init; }

    /// <summary>Whether this is an event, not a call.</summary>
    public bool IsEvent => ExecutionId is null;

    /// <summary>The call that an orchestration has scheduled.</summary>
    public static ActivityMessage From(TaskMessage message)
    {
        var scheduled = (TaskScheduledEvent)message.Event;
        var call = ActivityCall.Read(scheduled.Input!);
        return new ActivityMessage
        {
            InstanceId = message.OrchestrationInstance.InstanceId,
            ExecutionId = message.OrchestrationInstance.ExecutionId,
            Task = scheduled.EventId,
            Attempt = call.Attempt,
            Name = scheduled.Name!,
            Input = call.Input.GetRawText(),
        };
    }

    /// <summary>The answer for the calling instance.</summary>
    public TaskMessage Answer(string? output, ActivityFailure? failure) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = InstanceId, ExecutionId = ExecutionId },
        Event = failure is null
            ? new TaskCompletedEvent(-1, Task, output)
            : new TaskFailedEvent(-1, Task, failure.Code, details: null, Details(failure)),
    };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, DurableJson.Options);

    /// <exception cref="JsonException">The text is no such message.</exception>
    public static ActivityMessage Read(BinaryData content) => JsonSerializer.Deserialize<ActivityMessage>(content, DurableJson.Options) ?? throw new JsonException("The message is null.");

    private static FailureDetails Details(ActivityFailure failure) =>
        new("Emu.Failure", Payload.Serialize(failure), stackTrace: null, innerFailure: null, isNonRetriable: !failure.Retryable);
}
