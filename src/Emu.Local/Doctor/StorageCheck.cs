using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage;
using Emu.Local.CommandLine;
using Emu.Local.Commands;
using Emu.Local.Hosting;

namespace Emu.Local.Doctor;

/// <summary>Whether the storage that several machines would share answers, and whether its task hub is one of this program.</summary>
internal static class StorageCheck
{
    /// <summary>Asks for blobs, queues and tables; makes nothing.</summary>
    public static async Task<Finding> RunAsync(string storage, string? taskHub, CancellationToken cancellationToken)
    {
        try
        {
            var options = EngineOptions.Create(storage, taskHub ?? AzureStorageEngineOptions.DefaultTaskHub);
            var found = await AzureStorageEngine.CheckAsync(options, cancellationToken);
            var detail = $"blobs, queues and tables answer; the task hub '{options.TaskHub}' is {(found ? "there" : "not there yet: the first server makes it")}";
            return Environment.GetEnvironmentVariable(SharedHome.KeyVariable) is { Length: > 0 }
                ? new("storage", FindingState.Ok, detail)
                : new("storage", FindingState.Optional, $"{detail}; {SharedHome.KeyVariable} is not set", $"export {SharedHome.KeyVariable}=…, the same on every machine (make it once: openssl rand -base64 32)");
        }
        catch (Exception exception) when (exception is UsageException or DurableEngineUnavailableException or DurableDataVersionException)
        {
            return new("storage", FindingState.Missing, exception.Message, "check the connection string and that the account is reachable, or name another --task-hub");
        }
    }
}
