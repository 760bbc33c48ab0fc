using System.Text.Json.Nodes;
using Emu.Api.Jobs;
using Emu.Api.OpenApi;

namespace Emu.Api.Videos;

/// <summary>The descriptions of the videos' routes.</summary>
internal static class VideoOperations
{
    private const string Tag = "Videos";

    private static readonly ApiAnswer[] Accepted =
    [
        new(200, "The job has ended already: `Prefer: wait=N` was sent, or the idempotency key's job has ended.", typeof(VideoResource)),
        new(202, "The job; `Location` is its address.", typeof(VideoResource)),
    ];

    public static ApiOperation Create { get; } = new(Tag, "Make a video from a sentence, a picture, or both", Accepted)
    {
        Body = VideoSchemas.Create,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.Prefer],
        Errors = [400, 409, 413, 415, 422, 503],
    };

    public static ApiOperation List { get; } = new(Tag, "List videos", new ApiAnswer(200, "A page.", typeof(VideoListResource)))
    {
        Parameters =
        [
            new("limit", "query", "How many at most.", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 100, ["default"] = 20 }),
            new("after", "query", "The id that the page begins after: the last one's `last_id`.", new JsonObject { ["type"] = "string" }),
            new("order", "query", "By time of creation: `desc` gives the newest first.", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("asc", "desc"), ["default"] = "desc" }),
            new("status", "query", "Only videos in this status.", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("queued", "in_progress", "completed", "failed") }),
        ],
        Errors = [400],
    };

    public static ApiOperation Retrieve { get; } = new(Tag, "Look at a video", new ApiAnswer(200, "The job as it is now.", typeof(VideoResource))) { Errors = [404] };

    public static ApiOperation Delete { get; } = new(Tag, "Delete a video and its files, whether it has ended or not", new ApiAnswer(200, "It is gone.", typeof(DeletedResource))) { Errors = [404] };

    public static ApiOperation Content { get; } = new(
        Tag,
        "Download a video, one of its formats, its thumbnail or its spritesheet",
        new ApiAnswer(200, "The file.", null, "application/octet-stream"),
        new ApiAnswer(206, "The range that was asked for.", null, "application/octet-stream"),
        ApiAnswer.Empty(304, "The client's copy (`If-None-Match`) is the file."))
    {
        Description = "Ranges, `ETag` (the file's SHA-256) and `HEAD` are answered. A link made with `/links` needs no key.",
        Parameters = [JobParameters.Variant("video")],
        Errors = [404, 409],
    };

    public static ApiOperation Events { get; } = new(
        Tag,
        "Follow a video as server-sent events",
        new ApiAnswer(200, "Events `video.queued`, `video.in_progress`, and at the end `video.completed`, `video.failed` or `video.deleted`; each one's data is the job.", typeof(VideoResource), "text/event-stream"),
        ApiAnswer.Empty(204, "The client has seen the last event already."))
    {
        Description = "The answer ends after three minutes at most: connect again with `Last-Event-ID`, as `EventSource` does by itself.",
        Parameters = [new("Last-Event-ID", "header", "The last event's id that was seen: only newer ones are sent.", new JsonObject { ["type"] = "string" })],
        Errors = [404],
    };

    public static ApiOperation Cancel { get; } = new(Tag, "Cancel a video that has not ended", new ApiAnswer(200, "The job; it ends as `failed` with code `cancelled`.", typeof(VideoResource))) { Errors = [404, 409] };

    public static ApiOperation Remix { get; } = new(Tag, "Make a video with a completed one's settings and first picture, and a new prompt", Accepted)
    {
        Body = VideoSchemas.Remix,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.Prefer],
        Errors = [400, 404, 409, 413, 415, 422, 503],
    };

    public static ApiOperation Link { get; } = new(Tag, "Make a link that lets anybody download one file until it expires", new ApiAnswer(200, "The link.", typeof(LinkResource)))
    {
        Body = VideoSchemas.Link,
        Errors = [400, 404, 409],
    };
}
