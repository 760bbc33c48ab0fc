namespace Emu.Pipeline.Orchestrations;

/// <summary>What a job's orchestration starts with.</summary>
/// <param name="JobId">The job; also the instance's id.</param>
/// <param name="Deadline">When it is given up, UTC; never if null.</param>
public sealed record JobInput(string JobId, DateTimeOffset? Deadline);
