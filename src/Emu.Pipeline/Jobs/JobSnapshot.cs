namespace Emu.Pipeline.Jobs;

/// <summary>A job at one moment.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Progress">How far it is; null while no stage has reported.</param>
public sealed record JobSnapshot(JobRecord Record, JobProgress? Progress)
{
    /// <summary>Where the job stands, as clients see it.</summary>
    public JobStatus Status => Record.State switch
    {
        JobState.Completed => JobStatus.Completed,
        JobState.Failed or JobState.Deleted => JobStatus.Failed,
        _ => Progress is null ? JobStatus.Queued : JobStatus.InProgress,
    };

    /// <summary>0 to 100; 100 only when completed.</summary>
    public int Percent => Record.State == JobState.Completed ? 100 : Progress?.Percent ?? 0;
}
