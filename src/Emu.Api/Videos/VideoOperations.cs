using Emu.Api.Jobs;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Videos;

/// <summary>The videos' routes in the OpenAPI document, and the fields of their requests.</summary>
internal static class VideoOperations
{
    private const string Tag = "Videos";

    private static readonly ApiResponse[] Accepted =
    [
        new(200, "The job has ended already: `Prefer: wait=N` was sent, or the idempotency key's job has ended.", typeof(VideoResource)),
        new(202, "The job; `Location` is its address.", typeof(VideoResource)),
    ];

    public static RequestSchema CreateFields { get; } = new(
        "CreateVideo",
        [
            RequestField.Of(JobFields.Prompt) with { Description = $"{JobFields.Prompt.Description} Required unless `{InputReference.Name}` is given." },
            InputReference.Field,
            .. JobFields.Of(JobKind.Video).Except([JobFields.Prompt]).Select(RequestField.Of),
        ]);

    public static RequestSchema RemixFields { get; } = new("RemixVideo", RequestField.Of(JobFields.Prompt) with { Required = true });

    public static ApiOperation Create { get; } = new(Tag, "Make a video from a sentence, a picture, or both", Accepted)
    {
        Body = CreateFields,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.Prefer],
        Errors = [400, 409, 413, 415, 422, 503],
    };

    public static ApiOperation List { get; } = new(Tag, "List videos", new ApiResponse(200, "A page.", typeof(VideoListResource)))
    {
        Parameters = JobParameters.Page("videos"),
        Errors = [400],
    };

    public static ApiOperation Retrieve { get; } = new(Tag, "Get a video", new ApiResponse(200, "The job as it is now.", typeof(VideoResource))) { Errors = [404] };

    public static ApiOperation Delete { get; } = new(Tag, "Delete a video and its files, whether it has ended or not", new ApiResponse(200, "It is deleted.", typeof(DeletedResource))) { Errors = [404] };

    public static ApiOperation Content { get; } = new(
        Tag,
        "Download a video, one of its formats, its thumbnail or its spritesheet",
        new ApiResponse(200, "The file.", null, "application/octet-stream"),
        new ApiResponse(206, "The requested range.", null, "application/octet-stream"),
        ApiResponse.Empty(304, "The client's copy (`If-None-Match`) is the file."))
    {
        Description = "Ranges, `ETag` (the file's SHA-256) and `HEAD` are supported. A link made with `/links` needs no key.",
        Parameters = [JobParameters.Variant("video")],
        Errors = [404, 409],
    };

    public static ApiOperation Events { get; } = new(
        Tag,
        "Follow a video as server-sent events",
        new ApiResponse(200, "Events `video.queued`, `video.in_progress`, and at the end `video.completed`, `video.failed` or `video.deleted`; each one's data is the job.", typeof(VideoResource), "text/event-stream"),
        ApiResponse.Empty(204, "The client has seen the last event already."))
    {
        Description = "The response ends after three minutes at most: connect again with `Last-Event-ID`, as `EventSource` does by itself.",
        Parameters = [JobParameters.LastEventId],
        Errors = [404],
    };

    public static ApiOperation Cancel { get; } = new(Tag, "Cancel a video that has not ended", new ApiResponse(200, "The job; it ends as `failed` with code `cancelled`.", typeof(VideoResource))) { Errors = [404, 409] };

    public static ApiOperation Remix { get; } = new(Tag, "Make a video with a completed one's settings and first picture, and a new prompt", Accepted)
    {
        Body = RemixFields,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.Prefer],
        Errors = [400, 404, 409, 413, 415, 422, 503],
    };

    public static ApiOperation Link { get; } = JobActions.LinkOperation(Tag);

    public static ApiOperation Format { get; } = JobActions.FormatOperation(Tag, "video", typeof(VideoResource));
}
