using Azure.Storage.Queues.Models;
using DurableTask.Core;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Hub;

namespace Emu.Durable.AzureStorage.Activities;

/// <summary>
/// Raises events. DurableTask drops an event that it sees before its instance's start, so an event for an instance that has not
/// begun waits in the default queue of activities until it has: nobody waits for that, and no worker need be there.
/// </summary>
internal sealed class EarlyEvents(HubInstances instances, ActivityQueues queues)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>Raises an event; ignored if the instance has ended or does not exist.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payload">The event, as <see cref="RaisedEvent"/> writes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RaiseAsync(string instanceId, string name, string payload, CancellationToken cancellationToken)
    {
        switch (await instances.FindAsync(instanceId))
        {
            case { OrchestrationStatus: OrchestrationStatus.Pending }:
                var message = new ActivityMessage { InstanceId = instanceId, Name = name, Input = payload };
                await queues.AddAsync(message, cancellationToken);
                break;
            case { } row when HubInstances.IsOpen(row):
                await instances.RaiseAsync(instanceId, name, payload);
                break;
        }
    }

    /// <summary>Raises an event that waited, if its instance has begun by now.</summary>
    public async Task DeliverAsync(string queue, QueueMessage taken, ActivityMessage message, string? blob, CancellationToken cancellationToken)
    {
        var row = await instances.FindAsync(message.InstanceId);
        if (row is { OrchestrationStatus: OrchestrationStatus.Pending })
        {
            await queues.HideAsync(queue, taken, taken.PopReceipt, Wait, null, cancellationToken);
            return;
        }

        if (row is not null && HubInstances.IsOpen(row))
        {
            await instances.RaiseAsync(message.InstanceId, message.Name, message.Input);
        }

        // Not cancelled by a stop, which would raise it a second time.
        await queues.RemoveAsync(queue, taken, taken.PopReceipt, blob, CancellationToken.None);
    }
}
