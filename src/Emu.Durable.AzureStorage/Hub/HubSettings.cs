using DurableTask.AzureStorage;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage.Hub;

/// <summary>How DurableTask's engine is set up; see decision 21 for the figures behind the settings.</summary>
internal static class HubSettings
{
    public static AzureStorageOrchestrationServiceSettings Create(AzureStorageEngineOptions options, TaskHub hub, StorageAccount account, ILoggerFactory loggers) => new()
    {
        TaskHubName = options.TaskHub,
        AppName = "emu",
        WorkerId = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}",
        StorageAccountClientProvider = account.Provider(),
        LoggerFactory = loggers,
        PartitionCount = hub.Partitions,

        // Several hubs or programs never share a hub, so that no lease on the whole hub is needed.
        UseAppLease = false,
        MaxQueuePollingInterval = options.MaximumPollingInterval,
        ControlQueueVisibilityTimeout = options.LostWorkTimeout,
        LeaseInterval = options.LostWorkTimeout,
        LeaseRenewInterval = options.LostWorkTimeout / 5,
        LeaseAcquireInterval = options.LostWorkTimeout / 10,
    };
}
