namespace Emu.Pipeline.Jobs;

/// <summary>Why a job failed.</summary>
/// <param name="Code">A stable code: <c>cancelled</c>, <c>deadline_exceeded</c>, or a stage's failure.</param>
/// <param name="Message">For a person.</param>
public sealed record JobError(string Code, string Message);
