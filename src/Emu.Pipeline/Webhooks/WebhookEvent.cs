using System.Text.Json;
using System.Text.Json.Serialization;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Webhooks;

/// <summary>An event of a job, to be published.</summary>
/// <param name="Owner">The job's owner.</param>
/// <param name="JobId">The job.</param>
/// <param name="Type">One of <see cref="WebhookEventTypes.All"/>.</param>
/// <param name="At">When it happened, UTC: fixed with the job's end, so that publishing it again is the same event.</param>
/// <param name="Data">The job's data in the body; small.</param>
/// <param name="Url">The job's own <c>webhook_url</c>, if it has one.</param>
public sealed record WebhookEvent(string Owner, string JobId, string Type, DateTimeOffset At, JsonElement Data, Uri? Url);

/// <summary>The events a webhook can be sent for.</summary>
public static class WebhookEventTypes
{
    /// <summary>A video job ended with its video.</summary>
    public const string VideoCompleted = "video.completed";

    /// <summary>A video job failed or was cancelled.</summary>
    public const string VideoFailed = "video.failed";

    /// <summary>An image job ended with its picture.</summary>
    public const string ImageCompleted = "image.completed";

    /// <summary>An image job failed or was cancelled.</summary>
    public const string ImageFailed = "image.failed";

    /// <summary>An edit job ended with its picture.</summary>
    public const string ImageEdited = "image.edited";

    /// <summary>An edit job failed or was cancelled.</summary>
    public const string ImageEditFailed = "image.edit_failed";

    /// <summary>Every event there is, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } = [VideoCompleted, VideoFailed, ImageCompleted, ImageFailed, ImageEdited, ImageEditFailed];
}

/// <summary>The body of a delivery: the fields of Standard Webhooks (type, timestamp, data) and those of OpenAI's events.</summary>
/// <param name="Kind">Always <c>event</c>.</param>
/// <param name="Id">The event's id, the same for every endpoint.</param>
/// <param name="CreatedAt">When it happened, Unix seconds.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Timestamp">When it happened, ISO 8601 with milliseconds.</param>
/// <param name="Data">The job it happened to.</param>
public sealed record WebhookBody(
    [property: JsonPropertyName("object")] string Kind, string Id, long CreatedAt, string Type, [property: JsonConverter(typeof(MillisecondsJson))] DateTimeOffset Timestamp, JsonElement Data)
{
    /// <summary>The body of an event.</summary>
    public static WebhookBody Of(WebhookEvent published)
    {
        ArgumentNullException.ThrowIfNull(published);
        return new("event", WebhookDeliveryId.OfEvent(published.JobId, published.Type, published.At), published.At.ToUnixTimeSeconds(), published.Type, published.At, published.Data);
    }
}

/// <summary>A job in the body of a delivery: enough to decide whether to fetch the rest.</summary>
/// <param name="Id">The job.</param>
/// <param name="Kind"><c>video</c>, <c>image</c> or <c>edit</c>.</param>
/// <param name="Status"><c>completed</c> or <c>failed</c>.</param>
/// <param name="CreatedAt">When it was made, unix seconds.</param>
/// <param name="CompletedAt">When it ended, unix seconds.</param>
/// <param name="Error">Why it failed, if it did.</param>
/// <param name="Warnings">What its owner should know although it stopped nothing.</param>
/// <param name="Metadata">The metadata that the client gave the job.</param>
public sealed record WebhookJobData(
    string Id,
    [property: JsonPropertyName("object")] string Kind,
    string Status,
    long CreatedAt,
    long CompletedAt,
    JobError? Error,
    IReadOnlyList<string> Warnings,
    IReadOnlyDictionary<string, string>? Metadata);
