namespace Emu.Pipeline.Orchestration;

/// <summary>Where an instance stands, as in Durable Task.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>Started, not yet picked up.</summary>
    Pending,

    /// <summary>Picked up and not ended.</summary>
    Running,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended with a failure.</summary>
    Failed,

    /// <summary>Ended from outside.</summary>
    Terminated,
}
