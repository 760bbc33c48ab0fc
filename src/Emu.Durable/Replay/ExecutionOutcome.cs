using Emu.Durable.Abstractions;

namespace Emu.Durable.Replay;

/// <summary>How an instance ended.</summary>
/// <param name="Status">Completed, failed or terminated.</param>
/// <param name="Output">JSON of the result, once completed.</param>
/// <param name="Failure">The failure otherwise.</param>
internal sealed record ExecutionOutcome(OrchestrationRuntimeStatus Status, string? Output, ActivityFailure? Failure)
{
    public static ExecutionOutcome Completed(string output) => new(OrchestrationRuntimeStatus.Completed, output, null);

    public static ExecutionOutcome Failed(ActivityFailure failure) => new(OrchestrationRuntimeStatus.Failed, null, failure);

    public static ExecutionOutcome Terminated(string reason) =>
        new(OrchestrationRuntimeStatus.Terminated, null, new ActivityFailure("terminated", reason, Retryable: false));
}
