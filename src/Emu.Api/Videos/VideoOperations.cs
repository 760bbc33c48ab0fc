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

    public static JobOperations Jobs { get; } = JobOperations.Of(Tag, "video", "a video", "video", typeof(VideoResource), typeof(VideoListResource));

    public static ApiOperation Remix { get; } = new(Tag, "Make a video with a completed one's settings and first picture, and a new prompt", Accepted)
    {
        Body = RemixFields,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.Prefer],
        Errors = [400, 404, 409, 413, 415, 422, 503],
    };
}
