using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Finishing;

/// <summary>The message that ends a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Error">Why it failed; null if every stage is done.</param>
public sealed record FinishCall(string JobId, JobError? Error);
