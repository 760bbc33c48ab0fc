using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>What lands in the outputs beside a job's files, as <c>{picture's name}.json</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Status"><c>completed</c> or <c>failed</c>.</param>
/// <param name="Source">The picture's name.</param>
/// <param name="Prompt">The prompt; may be empty.</param>
/// <param name="Model">The model.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Files">The files' names in the outputs.</param>
/// <param name="CreatedAt">When the job was made, UTC.</param>
/// <param name="EndedAt">When it ended, UTC.</param>
/// <param name="Error">Why it failed, if it did.</param>
public sealed record UploadResult(
    string JobId,
    string Status,
    string Source,
    string Prompt,
    string Model,
    long Seed,
    IReadOnlyList<string> Files,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    JobError? Error);
