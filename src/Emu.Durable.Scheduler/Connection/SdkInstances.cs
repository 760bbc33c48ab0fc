using System.Text.Json;
using DurableTask.Core.Exceptions;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OrchestrationRuntimeStatus = Emu.Durable.Abstractions.OrchestrationRuntimeStatus;
using SdkStatus = Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace Emu.Durable.Scheduler.Connection;

/// <summary>A hub's instances: starts, finds, ends and removes them by a client of Microsoft's SDK.</summary>
/// <param name="client">The client.</param>
/// <param name="write">A payload from JSON, such that the client writes it as the JSON that it is.</param>
/// <param name="isRecursive">Whether the service ends and removes children with their parents.</param>
public sealed class SdkInstances(DurableTaskClient client, Func<string, object> write, bool isRecursive)
{
    // Instances carry the id of the request that started them.
    private const string RequestTag = "emu-request";

    // In whatever state an instance is, no other one replaces it. Two names of the list are no states that the service accepts here.
    private static readonly string[] AnyStatus = [.. Enum.GetNames<SdkStatus>().Where(name => name is not "ContinuedAsNew" and not "Canceled")];

    /// <summary>Starts an instance unless there is one of that id, in whatever state.</summary>
    /// <returns>Whether this call started it.</returns>
    public async Task<bool> StartAsync(IOrchestration code, string instanceId, string input, CancellationToken cancellationToken)
    {
        var request = Guid.NewGuid().ToString("N");
        var options = new StartOrchestrationOptions(instanceId)
        {
            Version = new TaskVersion(code.Version),
            DedupeStatuses = AnyStatus,
            Tags = new Dictionary<string, string> { [RequestTag] = request },
        };
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(new TaskName(code.Name), write(input), options, cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The channel may have sent the request twice, because the first answer was lost: the instance says whose it is.
            return await client.GetInstanceAsync(instanceId, cancellationToken) is { } found && found.Tags.TryGetValue(RequestTag, out var winner) && winner == request;
        }
    }

    /// <summary>An instance's status, or null.</summary>
    public async Task<OrchestrationStatus?> FindStatusAsync(string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken) is { } state ? Describe(state) : null;

    /// <summary>Raises an event, as <see cref="RaisedEvent"/> writes it; ignored if the instance has ended or does not exist.</summary>
    public async Task RaiseAsync(string instanceId, string name, string raised, CancellationToken cancellationToken)
    {
        if (await IsOpenAsync(instanceId, cancellationToken))
        {
            await client.RaiseEventAsync(instanceId, name, write(raised), cancellationToken);
        }
    }

    /// <summary>Ends a running instance and its children.</summary>
    public async Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        if (await IsOpenAsync(instanceId, cancellationToken))
        {
            var output = JsonSerializer.Serialize(reason, DurableJson.Options);
            await client.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(write(output), Recursive: isRecursive), cancellationToken);
        }
    }

    /// <summary>Removes an ended instance and its children.</summary>
    /// <returns>Whether it existed and had ended.</returns>
    public async Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: true }
        && (await client.PurgeInstanceAsync(instanceId, new PurgeInstanceOptions(Recursive: isRecursive), cancellationToken)).PurgedInstanceCount > 0;

    private static OrchestrationStatus Describe(OrchestrationMetadata state)
    {
        var status = state.RuntimeStatus switch
        {
            SdkStatus.Pending => OrchestrationRuntimeStatus.Pending,
            SdkStatus.Completed => OrchestrationRuntimeStatus.Completed,
            SdkStatus.Failed => OrchestrationRuntimeStatus.Failed,
            SdkStatus.Terminated => OrchestrationRuntimeStatus.Terminated,
            _ => OrchestrationRuntimeStatus.Running,
        };
        return new OrchestrationStatus(
            state.InstanceId,
            state.Name,
            status,
            ReadText(state.SerializedCustomStatus),
            state.CreatedAt,
            state.LastUpdatedAt,
            status == OrchestrationRuntimeStatus.Completed ? JsonSerializer.Deserialize<JsonElement>(state.SerializedOutput ?? "null", DurableJson.Options) : null,
            status switch
            {
                OrchestrationRuntimeStatus.Failed => FailureMessage.Read(state.FailureDetails?.ErrorMessage ?? state.SerializedOutput, "internal_error"),
                OrchestrationRuntimeStatus.Terminated => new ActivityFailure("terminated", ReadText(state.SerializedOutput) ?? "", Retryable: false),
                _ => null,
            });
    }

    // Other programs may have set a text that is no JSON, or another value.
    private static string? ReadText(string? json)
    {
        try
        {
            return string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize<string>(json, DurableJson.Options);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private async Task<bool> IsOpenAsync(string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: false };
}
