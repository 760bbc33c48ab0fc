using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Hub;

namespace Emu.Durable.AzureStorage.Activities;

/// <summary>
/// The hub's queues of activities: one for the default group, and one for each activity of any other group, so that a process can
/// take some and leave others. A message too long for a queue is in a blob, of which the queue holds the name.
/// </summary>
internal sealed class ActivityQueues
{
    // A queue takes 64 KiB of Base64.
    private const int MaximumBytes = 48_000;

    private readonly string _hub;
    private readonly QueueServiceClient _service;
    private readonly BlobContainerClient _long;
    private readonly ActivityRegistry _registry;
    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);

    public ActivityQueues(string hub, StorageAccount account, ActivityRegistry registry)
    {
        _hub = hub;
        _service = account.Queues;
        _long = account.Blobs.GetBlobContainerClient($"{hub}-activities");
        _registry = registry;
    }

    /// <summary>Called with the queues' names when this process has put calls into them whose results may come.</summary>
    public event Action<IReadOnlyCollection<string>>? Announced;

    /// <summary>Makes what is missing.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await _long.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var names = _registry.All.Select(activity => NameOf(activity.Activity.Name)).Append(NameOf(null)).Distinct(StringComparer.Ordinal);
        await Task.WhenAll(names.Select(name => Client(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken)));
    }

    /// <summary>The queue of an activity; null, and activities that are not registered, have the default group's.</summary>
    public string NameOf(string? activity) =>
        activity is not null && _registry.Find(activity) is { } found && found.Group != ActivityGroups.Default
            ? $"{_hub}-{QueueName(found.Activity.Name)}"
            : $"{_hub}-default";

    /// <summary>The part of a queue's name that an activity gives it.</summary>
    /// <exception cref="ArgumentException">The activity's name does not fit into one.</exception>
    public static string QueueName(string activity)
    {
        var name = activity.ToLowerInvariant().Replace('_', '-');
        return name.Length is > 0 and <= 30 && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-') && !name.Contains("--", StringComparison.Ordinal)
            && name is not ['-', ..] and not [.., '-'] and not "default"
            ? name
            : throw new ArgumentException($"Activity '{activity}' of a group of its own needs a name that a queue can have: up to 30 letters, digits and single '_' or '-' between them.");
    }

    /// <summary>Puts a message into its queue.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="delay">How long nobody gets it.</param>
    public async Task AddAsync(ActivityMessage message, CancellationToken cancellationToken, TimeSpan? delay = null)
    {
        var content = message.Write();
        if (content.Length > MaximumBytes)
        {
            var blob = Guid.NewGuid().ToString("N");
            await _long.GetBlobClient(blob).UploadAsync(BinaryData.FromBytes(content), cancellationToken);
            content = JsonSerializer.SerializeToUtf8Bytes(new LongMessage(blob), DurableJson.Options);
        }

        await Client(NameOf(message.IsEvent ? null : message.Name)).SendMessageAsync(BinaryData.FromBytes(content), delay, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken);
    }

    /// <summary>Wakes the workers of this process.</summary>
    public void Announce(IReadOnlyCollection<ActivityMessage> calls)
    {
        if (calls.Count > 0)
        {
            Announced?.Invoke([.. calls.Select(call => NameOf(call.IsEvent ? null : call.Name)).Distinct(StringComparer.Ordinal)]);
        }
    }

    /// <summary>Takes messages, which others do not see for a while.</summary>
    public async Task<IReadOnlyList<QueueMessage>> TakeAsync(string queue, int count, TimeSpan hidden, CancellationToken cancellationToken) =>
        (await Client(queue).ReceiveMessagesAsync(count, hidden, cancellationToken)).Value;

    /// <summary>Reads a message, from its blob if it is in one.</summary>
    /// <returns>The message, and its blob's name.</returns>
    /// <exception cref="JsonException">It is none of ours, or its blob is gone.</exception>
    public async Task<(ActivityMessage Message, string? Blob)> ReadAsync(QueueMessage taken, CancellationToken cancellationToken)
    {
        if (JsonSerializer.Deserialize<LongMessage>(taken.Body, DurableJson.Options)?.Blob is not { } blob)
        {
            return (ActivityMessage.Read(taken.Body), null);
        }

        try
        {
            var content = await _long.GetBlobClient(blob).DownloadContentAsync(cancellationToken);
            return (ActivityMessage.Read(content.Value.Content), blob);
        }
        catch (RequestFailedException failed) when (failed.Status == 404)
        {
            throw new JsonException($"The message's blob '{blob}' is gone.", failed);
        }
    }

    /// <summary>Keeps a message hidden, or shows it again.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taken">The message as it was taken.</param>
    /// <param name="receipt">The receipt of the last change.</param>
    /// <param name="hidden">For how long others do not see it from now on.</param>
    /// <param name="content">Its new content; null to keep it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new receipt; null if the message is another worker's by now, or gone.</returns>
    public async Task<string?> HideAsync(string queue, QueueMessage taken, string receipt, TimeSpan hidden, ActivityMessage? content, CancellationToken cancellationToken)
    {
        try
        {
            var body = content is null ? taken.Body : BinaryData.FromBytes(content.Write());
            return (await Client(queue).UpdateMessageAsync(taken.MessageId, receipt, body, hidden, cancellationToken)).Value.PopReceipt;
        }
        catch (RequestFailedException failed) when (failed.Status is 404 || failed.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            return null;
        }
    }

    /// <summary>Removes a message that is done, and its blob.</summary>
    public async Task RemoveAsync(string queue, QueueMessage taken, string receipt, string? blob, CancellationToken cancellationToken)
    {
        try
        {
            await Client(queue).DeleteMessageAsync(taken.MessageId, receipt, cancellationToken);
        }
        catch (RequestFailedException failed) when (failed.Status is 404 || failed.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            // Another worker has it by now; its answer will be the second one, which is ignored.
            return;
        }

        if (blob is not null)
        {
            await _long.GetBlobClient(blob).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
    }

    private QueueClient Client(string queue) => _queues.GetOrAdd(queue, _service.GetQueueClient);

    private sealed record LongMessage(string? Blob);
}
