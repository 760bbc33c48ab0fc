namespace Emu.Pipeline.Jobs;

/// <summary>The job's state does not allow what was asked.</summary>
public sealed class JobConflictException(string code, string message) : Exception(message)
{
    /// <summary>A stable code: <c>job_not_completed</c>, <c>job_already_ended</c>, <c>idempotency_in_flight</c>.</summary>
    public string Code { get; } = code;
}
