namespace Emu.Pipeline.Jobs;

/// <summary>Where a job's record stands. Whether an active job is queued or at work says its progress.</summary>
public enum JobState
{
    /// <summary>Accepted and not ended.</summary>
    Active,

    /// <summary>Ended with its files.</summary>
    Completed,

    /// <summary>Ended with an error; a cancelled job too, with code <c>cancelled</c>.</summary>
    Failed,

    /// <summary>Deleted by its owner: a tombstone, so that a late writer brings nothing back.</summary>
    Deleted,
}
