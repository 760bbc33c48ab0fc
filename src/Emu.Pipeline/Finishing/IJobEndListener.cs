using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Finishing;

/// <summary>
/// Is told of each job's end, at least once: the same end may be told again after a crash, so what a listener starts, it starts
/// only if absent. Detached work goes through <see cref="Emu.Durable.Abstractions.IOrchestrationClient"/>, never awaited here.
/// </summary>
public interface IJobEndListener
{
    /// <summary>A job has completed or failed; its record says how.</summary>
    Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken);
}
