using System.Text.Json.Serialization;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Webhooks;

/// <summary>What a webhook tells of a job: enough to decide whether to fetch the rest.</summary>
/// <param name="Id">The job.</param>
/// <param name="Kind"><c>video</c> or <c>image</c>.</param>
/// <param name="Status"><c>completed</c> or <c>failed</c>.</param>
/// <param name="CreatedAt">When it was made, unix seconds.</param>
/// <param name="CompletedAt">When it ended, unix seconds.</param>
/// <param name="Error">Why it failed, if it did.</param>
/// <param name="Metadata">The client's own notes.</param>
public sealed record WebhookJobData(
    string Id,
    [property: JsonPropertyName("object")] string Kind,
    string Status,
    long CreatedAt,
    long CompletedAt,
    JobError? Error,
    IReadOnlyDictionary<string, string>? Metadata);
