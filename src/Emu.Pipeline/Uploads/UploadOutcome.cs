namespace Emu.Pipeline.Uploads;

/// <summary>What became of an event about an uploaded file.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="JobId">The job it belongs to, if there is one.</param>
/// <param name="Code">The code of the report written beside the file, if it was refused.</param>
public sealed record UploadOutcome(UploadOutcomeKind Kind, string? JobId = null, string? Code = null)
{
    /// <summary>Whether the same file need not be looked at again.</summary>
    public bool IsFinal => Kind is not UploadOutcomeKind.Waiting;
}
