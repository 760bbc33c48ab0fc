using DurableTask.AzureStorage;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage.Hub;

/// <summary>How DurableTask's engine is set up; see decision 17 for the figures behind the settings.</summary>
internal static class HubSettings
{
    public static AzureStorageOrchestrationServiceSettings Create(AzureStorageEngineOptions options, TaskHub hub, StorageAccount account, ILoggerFactory loggers) => new()
    {
        TaskHubName = options.TaskHub,
        AppName = "emu",
        WorkerId = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}",
        StorageAccountClientProvider = account.Provider(options.TaskHub),
        LoggerFactory = loggers,
        PartitionCount = hub.Partitions,

        // Several hubs or programs never share a hub, so that no lease on the whole hub is needed.
        UseAppLease = false,

        // A lease must be renewed within the time that it has left after one interval; the default, 2 s, is too short under load.
        PartitionTableOperationTimeout = options.LostWorkTimeout / 2,

        // Messages that wait in memory are not renewed. When their time ends before their turn comes, they are taken a second time,
        // and what was done for them is refused: with much in memory and little time nothing gets done at all.
        ControlQueueBufferThreshold = 64,
        MaxConcurrentTaskOrchestrationWorkItems = 32,
        ControlQueueVisibilityTimeout = options.LostWorkTimeout * 3,
        MaxQueuePollingInterval = options.MaximumPollingInterval,
        LeaseInterval = options.LostWorkTimeout,
        LeaseRenewInterval = options.LostWorkTimeout / 5,
        LeaseAcquireInterval = options.LostWorkTimeout / 10,
    };
}
