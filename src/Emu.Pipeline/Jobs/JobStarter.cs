using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Jobs;

/// <summary>Puts a stored job to work: its listing entries and its orchestration, each only if absent.</summary>
public sealed class JobStarter(IArtifactStore store, IOrchestrationClient? client)
{
    /// <summary>Makes a job's listing entries.</summary>
    public async Task ListAsync(JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var id = JobId.Parse(record.Id);
        await store.CreateAsync(JobNames.IndexEntry(record.Owner, JobOrder.NewestFirst, id), default, cancellationToken);
        await store.CreateAsync(JobNames.IndexEntry(record.Owner, JobOrder.OldestFirst, id), default, cancellationToken);
    }

    /// <summary>Starts a job's orchestration unless it has one, in whatever state. Without a client the sweep of the folder's owner does it.</summary>
    /// <returns>True if this call started it.</returns>
    public async Task<bool> StartAsync(JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var input = new JobInput(record.Id, record.Request.Deadline);
        return client is not null && await client.StartIfAbsentAsync(OrchestrationNames.Of(record.Request.Kind), record.Id, input, cancellationToken);
    }
}
