using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>What is written beside a file that was refused, as <c>{name}.error.json</c>.</summary>
/// <param name="File">The file it is about.</param>
/// <param name="JobId">The job it concerns, if there is one.</param>
/// <param name="Error">What was wrong and what is accepted.</param>
public sealed record UploadReport(string File, string? JobId, JobError Error);
