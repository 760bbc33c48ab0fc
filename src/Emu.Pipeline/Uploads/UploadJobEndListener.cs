using Emu.Durable.Abstractions;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Uploads;

/// <summary>Has the results of jobs made of uploads put into their outputs, by an orchestration of its own that outlives failures.</summary>
public sealed class UploadJobEndListener(IOrchestrationClient orchestrations) : IJobEndListener
{
    /// <inheritdoc/>
    public Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Request.Upload is null
            ? Task.CompletedTask
            : orchestrations.StartIfAbsentAsync(OrchestrationNames.UploadResult, $"upload_result.{job.Id}", job.Id, cancellationToken);
    }
}
