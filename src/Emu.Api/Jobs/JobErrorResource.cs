using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>Why a job failed.</summary>
/// <param name="Code">A stable code; <c>cancelled</c> for a job that was cancelled.</param>
/// <param name="Message">For a person.</param>
public sealed record JobErrorResource(string Code, string Message)
{
    /// <summary>A job's error, or null.</summary>
    public static JobErrorResource? Of(JobRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Error is { } error ? new JobErrorResource(error.Code, error.Message) : null;
    }
}
