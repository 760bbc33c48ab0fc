using System.Text.Json;
using Azure.Storage.Queues.Models;
using DurableTask.AzureStorage;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Hub;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage.Activities;

/// <summary>Runs one activity from its message to its answer, and keeps the message hidden from other processes meanwhile.</summary>
/// <param name="queues">The hub's queues.</param>
/// <param name="registry">The activities.</param>
/// <param name="service">Takes the answers.</param>
/// <param name="events">Takes the events of instances that had not begun.</param>
/// <param name="options">Timeouts and limits.</param>
/// <param name="logger">Gets failures.</param>
internal sealed class ActivityDelivery(
    ActivityQueues queues, ActivityRegistry registry, AzureStorageOrchestrationService service, EarlyEvents events, AzureStorageEngineOptions options, ILogger logger)
{
    private readonly ActivityInvoker _invoker = new(registry, logger);

    /// <summary>Runs it. A failure of the storage is logged; the message is delivered again then.</summary>
    /// <param name="queue">The message's queue.</param>
    /// <param name="taken">The message.</param>
    /// <param name="stopping">The process stops: the activity is cancelled and given back.</param>
    public async Task RunAsync(string queue, QueueMessage taken, CancellationToken stopping)
    {
        try
        {
            var (message, blob) = await queues.ReadAsync(taken, stopping);
            if (message.IsEvent)
            {
                await events.DeliverAsync(queue, taken, message, blob, stopping);
                return;
            }

            await using var hold = new MessageHold(queues, queue, taken, options.LostWorkTimeout);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, hold.Lost);
            var result = await InvokeAsync(taken, message, either.Token);
            var receipt = await hold.ReleaseAsync();
            if (result.IsInterrupted)
            {
                // Long messages keep their count in the queue only; that many deliveries do not happen to them by stops alone.
                await queues.HideAsync(queue, taken, receipt, TimeSpan.Zero, blob is null ? message with { Returned = message.Returned + 1 } : null, CancellationToken.None);
                return;
            }

            await service.SendTaskOrchestrationMessageAsync(message.Answer(result.Output, result.Failure));
            await queues.RemoveAsync(queue, taken, receipt, blob, CancellationToken.None);
        }
        catch (JsonException exception)
        {
            logger.MessageUnreadable(queue, taken.MessageId, exception.Message);
            await queues.RemoveAsync(queue, taken, taken.PopReceipt, null, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Before it began: it is shown again when its time is over.
        }
        catch (Exception exception) when (HubErrors.Translate(exception) is { } translated)
        {
            logger.DeliveryFailed(queue, taken.MessageId, translated.Message);
        }
    }

    private async Task<ActivityResult> InvokeAsync(QueueMessage taken, ActivityMessage message, CancellationToken cancellationToken)
    {
        if (taken.DequeueCount - message.Returned > options.MaximumDeliveries)
        {
            var text = $"The activity '{message.Name}' was begun {options.MaximumDeliveries} times, and every time its process was lost.";
            return new ActivityResult(null, new ActivityFailure("worker_lost", text, Retryable: false));
        }

        var call = new ActivityCall(message.Attempt, JsonSerializer.Deserialize<JsonElement>(message.Input, DurableJson.Options));
        return await _invoker.RunAsync(message.InstanceId, message.Name, call, cancellationToken);
    }
}

/// <summary>Keeps a message hidden, by renewal each third of the time, until it is released.</summary>
internal sealed class MessageHold : IAsyncDisposable
{
    private readonly ActivityQueues _queues;
    private readonly string _queue;
    private readonly QueueMessage _taken;
    private readonly TimeSpan _hidden;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewal;
    private string _receipt;

    public MessageHold(ActivityQueues queues, string queue, QueueMessage taken, TimeSpan hidden)
    {
        _queues = queues;
        _queue = queue;
        _taken = taken;
        _hidden = hidden;
        _receipt = taken.PopReceipt;
        _renewal = RenewAsync();
    }

    /// <summary>Cancelled when another process has the message by now.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Ends the renewal.</summary>
    /// <returns>The last receipt, with which the message can be removed or shown again.</returns>
    public async Task<string> ReleaseAsync()
    {
        await _stop.CancelAsync();
        await _renewal;
        return _receipt;
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(_hidden / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    if (await _queues.HideAsync(_queue, _taken, _receipt, _hidden, null, CancellationToken.None) is not { } receipt)
                    {
                        await _lost.CancelAsync();
                        return;
                    }

                    _receipt = receipt;
                }
                catch (Exception exception) when (HubErrors.Translate(exception) is not null)
                {
                    // The next tick tries again; if the time is over by then, another process may have it, and both may run it.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }
}
