namespace Emu.Pipeline.Jobs;

/// <summary>Where a job stands, as clients see it.</summary>
public enum JobStatus
{
    /// <summary>Waits: no stage has reported progress yet.</summary>
    Queued,

    /// <summary>At work.</summary>
    InProgress,

    /// <summary>Ended with its files.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,
}
