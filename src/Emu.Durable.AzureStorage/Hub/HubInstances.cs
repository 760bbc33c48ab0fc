using System.Text.Json;
using DurableTask.AzureStorage;
using DurableTask.Core;
using DurableTask.Core.History;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using CoreStatus = DurableTask.Core.OrchestrationStatus;
using OrchestrationStatus = Emu.Durable.Abstractions.OrchestrationStatus;

namespace Emu.Durable.AzureStorage.Hub;

/// <summary>The hub's instances: starts, finds, ends and removes them.</summary>
internal sealed class HubInstances(AzureStorageOrchestrationService service)
{
    private static readonly CoreStatus[] AnyStatus = Enum.GetValues<CoreStatus>();

    /// <summary>Starts an instance unless there is one of that id, in whatever state.</summary>
    /// <returns>Whether this call started it.</returns>
    public async Task<bool> StartAsync(IOrchestration code, string instanceId, string input)
    {
        var instance = new OrchestrationInstance { InstanceId = instanceId, ExecutionId = Guid.NewGuid().ToString("N") };
        var started = new ExecutionStartedEvent(-1, input) { Name = code.Name, Version = code.Version, OrchestrationInstance = instance };
        await service.CreateTaskOrchestrationAsync(new TaskMessage { OrchestrationInstance = instance, Event = started }, AnyStatus);

        // Of several at once each seems to succeed; the row tells which one did.
        return (await FindAsync(instanceId))?.OrchestrationInstance.ExecutionId == instance.ExecutionId;
    }

    /// <summary>An instance's row, or null.</summary>
    public async Task<OrchestrationState?> FindAsync(string instanceId) =>
        (await service.GetOrchestrationStateAsync(instanceId, allExecutions: false, fetchInput: false)).FirstOrDefault(state => state?.OrchestrationInstance is not null);

    /// <summary>An instance's status, or null.</summary>
    public async Task<OrchestrationStatus?> FindStatusAsync(string instanceId) => await FindAsync(instanceId) is { } row ? Describe(instanceId, row) : null;

    /// <summary>Whether an instance has not ended.</summary>
    public static bool IsOpen(OrchestrationState row) => row.OrchestrationStatus is CoreStatus.Pending or CoreStatus.Running or CoreStatus.Suspended or CoreStatus.ContinuedAsNew;

    /// <summary>Raises an event of a running instance.</summary>
    public Task RaiseAsync(string instanceId, string name, string payload) => service.SendTaskOrchestrationMessageAsync(new TaskMessage
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId },
        Event = new EventRaisedEvent(-1, payload) { Name = name },
    });

    /// <summary>Ends an instance and its children.</summary>
    public async Task TerminateAsync(string instanceId, string reason)
    {
        if (await FindAsync(instanceId) is { } row && IsOpen(row))
        {
            await service.ForceTerminateTaskOrchestrationAsync(instanceId, reason);
            await Task.WhenAll((await ChildrenAsync(row)).Select(child => TerminateAsync(child, reason)));
        }
    }

    /// <summary>Removes an ended instance and its children; DurableTask itself would remove running ones too.</summary>
    /// <returns>Whether it existed and had ended.</returns>
    public async Task<bool> PurgeAsync(string instanceId)
    {
        if (await FindAsync(instanceId) is not { } row || IsOpen(row))
        {
            return false;
        }

        await Task.WhenAll((await ChildrenAsync(row)).Select(PurgeAsync));
        return (await service.PurgeInstanceHistoryAsync(instanceId)).InstancesDeleted > 0;
    }

    private static OrchestrationStatus Describe(string instanceId, OrchestrationState row)
    {
        var status = row.OrchestrationStatus switch
        {
            CoreStatus.Pending => OrchestrationRuntimeStatus.Pending,
            CoreStatus.Completed => OrchestrationRuntimeStatus.Completed,
            CoreStatus.Failed => OrchestrationRuntimeStatus.Failed,
            CoreStatus.Terminated or CoreStatus.Canceled => OrchestrationRuntimeStatus.Terminated,
            _ => OrchestrationRuntimeStatus.Running,
        };
        return new OrchestrationStatus(
            instanceId,
            row.Name,
            status,
            row.Status,
            new DateTimeOffset(DateTime.SpecifyKind(row.CreatedTime, DateTimeKind.Utc)),
            new DateTimeOffset(DateTime.SpecifyKind(row.LastUpdatedTime, DateTimeKind.Utc)),
            status == OrchestrationRuntimeStatus.Completed ? JsonSerializer.Deserialize<JsonElement>(row.Output ?? "null", DurableJson.Options) : null,
            status switch
            {
                OrchestrationRuntimeStatus.Failed => FailureMessage.Read(row.Output, "internal_error"),
                OrchestrationRuntimeStatus.Terminated => new ActivityFailure("terminated", row.Output ?? "", Retryable: false),
                _ => null,
            });
    }

    // Nothing but the parent's history names its children.
    private async Task<IReadOnlyList<string>> ChildrenAsync(OrchestrationState row)
    {
        using var history = JsonDocument.Parse(await service.GetOrchestrationHistoryAsync(row.OrchestrationInstance.InstanceId, row.OrchestrationInstance.ExecutionId));
        return
        [
            .. history.RootElement.EnumerateArray()
                .Where(item => item.GetProperty("EventType").GetInt32() == (int)EventType.SubOrchestrationInstanceCreated)
                .Select(item => item.GetProperty("InstanceId").GetString()!)
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
