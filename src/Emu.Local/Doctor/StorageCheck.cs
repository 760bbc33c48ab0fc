using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler;
using Emu.Local.CommandLine;
using Emu.Local.Commands;
using Emu.Local.Hosting;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;

namespace Emu.Local.Doctor;

/// <summary>Whether what several machines would share answers, and whether its task hub is one of this program. Makes nothing.</summary>
internal static class StorageCheck
{
    /// <summary>Checks what is named: a storage with the engine's data, or a scheduler and its storage for artifacts.</summary>
    /// <exception cref="UsageException">A scheduler is named without its task hub.</exception>
    public static async Task<IReadOnlyList<Finding>> RunAsync(string? storage, string? scheduler, string? taskHub, CancellationToken cancellationToken)
    {
        if (scheduler is null)
        {
            return storage is null ? [] : [await CheckStorageAsync(storage, taskHub, cancellationToken)];
        }

        var hub = taskHub ?? throw new UsageException("--scheduler needs --task-hub: the name of a task hub of the scheduler.");
        return storage is null
            ? [await CheckSchedulerAsync(scheduler, hub, cancellationToken)]
            : [await CheckSchedulerAsync(scheduler, hub, cancellationToken), await CheckBlobsAsync(storage, hub.ToLowerInvariant(), cancellationToken)];
    }

    private static Task<Finding> CheckStorageAsync(string storage, string? taskHub, CancellationToken cancellationToken) => FindAsync(
        "storage",
        async () =>
        {
            var hub = EngineOptions.CreateAzureStorage(storage, taskHub);
            var found = await hub.CheckAsync(cancellationToken);
            return WithKey($"blobs, queues and tables answer; the task hub '{hub.TaskHub}' is {(found ? "there" : "not there yet: the first server makes it")}");
        },
        "check the connection string and that the account is reachable, or name another --task-hub");

    private static Task<Finding> CheckBlobsAsync(string storage, string container, CancellationToken cancellationToken) => FindAsync(
        "storage",
        async () =>
        {
            var found = await BlobArtifactStore.ExistsAsync(storage, container, cancellationToken);
            return WithKey($"blobs answer; the container '{container}' is {(found ? "there" : "not there yet: the first server makes it")}");
        },
        "check the connection string and that the account is reachable");

    private static Task<Finding> CheckSchedulerAsync(string scheduler, string taskHub, CancellationToken cancellationToken) => FindAsync(
        "scheduler",
        async () =>
        {
            var options = EngineOptions.ReadScheduler(scheduler, taskHub);
            await SchedulerEngine.CheckAsync(options, cancellationToken);
            return new("scheduler", FindingState.Ok, $"{options.Endpoint.Host} answers and knows the task hub '{taskHub}'");
        },
        "check the address, the task hub's name, and that the identity has the role 'Durable Task Data Contributor' on it");

    private static async Task<Finding> FindAsync(string name, Func<Task<Finding>> check, string mend)
    {
        try
        {
            return await check();
        }
        catch (Exception exception) when (exception is UsageException or DurableEngineUnavailableException or DurableDataVersionException or ArtifactStoreException or ArgumentException)
        {
            return new(name, FindingState.Missing, exception.Message.Split(" (Parameter")[0], mend);
        }
    }

    private static Finding WithKey(string detail) => Environment.GetEnvironmentVariable(SharedHome.KeyVariable) is { Length: > 0 }
        ? new("storage", FindingState.Ok, detail)
        : new("storage", FindingState.Optional, $"{detail}; {SharedHome.KeyVariable} is not set", $"export {SharedHome.KeyVariable}=…, the same on every machine (make it once: openssl rand -base64 32)");
}
