using Emu.Api.Jobs;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Images;

/// <summary>The images' routes in the OpenAPI document, and the fields of their requests.</summary>
internal static class ImageOperations
{
    /// <summary>The most images of one request.</summary>
    public const int MaximumCount = 4;

    private const string Tag = "Images";

    /// <summary>The fields of a generation: OpenAI's own, and a job's; <c>output_format</c> is the job's only format.</summary>
    public static RequestSchema GenerateFields { get; } = new(
        "GenerateImages",
        [
            RequestField.Of(JobFields.Prompt) with { Required = true },
            RequestField.WholeNumber("n", "How many images; the second has the next seed, and so on.", 1, MaximumCount, 1),
            RequestField.Word("response_format", "`b64_json`: the file's bytes in base64. `url`: a link that is valid for an hour.", "b64_json", "url"),
            RequestField.Text("output_format", "One of the model's image formats; its default if left out."),
            RequestField.Word("background", "`transparent` is the same as `transparent: true`.", "auto", "opaque", "transparent"),
            .. JobFields.Of(JobKind.Image).Except([JobFields.Prompt, JobFields.Formats]).Select(RequestField.Of),
            .. IgnoredFields.Generations.Select(ignored => ignored.Field),
        ]);

    public static ApiOperation Generate { get; } = new(
        Tag,
        "Make images from a sentence; the response comes when they are done",
        new ApiResponse(200, "The images.", typeof(ImagesResource)),
        new ApiResponse(202, "The images' jobs: `Prefer: respond-async` was sent.", typeof(ImageListResource)))
    {
        Body = GenerateFields,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.PreferAsync],
        Errors = [400, 409, 413, 415, 422, 500, 503, 504],
    };

    public static JobOperations Jobs { get; } = JobOperations.Of(Tag, "image", "an image", "image", typeof(ImageResource), typeof(ImageListResource));
}
