namespace Emu.Pipeline.Jobs;

/// <summary>The answer to a creation.</summary>
/// <param name="Job">The job.</param>
/// <param name="IsReplay">Whether it is an earlier creation's, found by its idempotency key.</param>
public sealed record CreatedJob(JobSnapshot Job, bool IsReplay);
