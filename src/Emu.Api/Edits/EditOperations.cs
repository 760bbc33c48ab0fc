using Emu.Api.Images;
using Emu.Api.Jobs;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;
using Microsoft.OpenApi;

namespace Emu.Api.Edits;

/// <summary>The routes of edits in the OpenAPI document, and the fields of their requests.</summary>
internal static class EditOperations
{
    private const string ImagesTag = "Image edits";
    private const string Tag = "Edit sessions";

    private static readonly RequestField[] OfInstruction =
    [
        RequestField.Of(JobFields.Task),
        EditBodies.MaskField,
        EditBodies.BackgroundField,
        .. new[] { JobFields.Seed, JobFields.Model, JobFields.Steps, JobFields.Guidance, JobFields.ImageGuidance, JobFields.NoiseScheduler, JobFields.Deadline, JobFields.Metadata, JobFields.WebhookUrl }.Select(RequestField.Of),
    ];

    /// <summary>The fields of OpenAI's request, and a job's; <c>output_format</c> is the job's only format.</summary>
    public static RequestSchema ImageFields { get; } = new(
        "EditImages",
        [
            EditBodies.ImagesField,
            EditBodies.MaskField,
            RequestField.Of(JobFields.Prompt) with { Required = true, Description = "What to do; several lines are done in order." },
            RequestField.WholeNumber("n", "How many; the second has the next seed, and so on.", 1, ImageOperations.MaximumCount, 1),
            RequestField.Word("response_format", "`b64_json`: the file's bytes in base64. `url`: a link that is valid for an hour.", "b64_json", "url"),
            RequestField.Text("output_format", "`png` by default, without loss; any other of the model's image formats changes every pixel a little."),
            .. JobFields.Of(JobKind.Edit).Except([JobFields.Prompt, JobFields.Formats, JobFields.Lossy]).Select(RequestField.Of),
            .. IgnoredFields.Edits.Select(ignored => ignored.Field),
        ]);

    public static RequestSchema SessionFields { get; } = new("CreateEdit", [EditBodies.ImageField, EditBodies.InstructionField, .. OfInstruction]);

    public static RequestSchema VersionFields { get; } = new(
        "CreateEditVersion",
        [
            EditBodies.InstructionField with { Required = true },
            new RequestField("from", "The version to edit, a completed one; the current one if left out.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" }),
            .. OfInstruction,
        ]);

    public static ApiOperation EditImages { get; } = new(
        ImagesTag,
        "Edit an image as a sentence says; the response comes when it is done",
        new ApiResponse(200, "The images.", typeof(ImagesResource)),
        new ApiResponse(202, "The images' jobs: `Prefer: respond-async` was sent.", typeof(EditListResource)))
    {
        Body = ImageFields,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.PreferAsync],
        Errors = [400, 409, 413, 415, 422, 500, 503, 504],
    };

    public static JobOperations Jobs { get; } = JobOperations.Of(ImagesTag, "edit", "an edit", "edit", typeof(EditResource), typeof(EditListResource));

    public static ApiOperation Create { get; } = new(
        Tag,
        "Begin a session: a picture, and the first instruction if there is one",
        new ApiResponse(200, "The session; nothing is at work in it.", typeof(EditSessionResource)),
        new ApiResponse(202, "The session; its version is being made.", typeof(EditSessionResource)))
    {
        Body = SessionFields,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.Prefer],
        Errors = [400, 409, 413, 415, 422, 503],
    };

    public static ApiOperation List { get; } = new(Tag, "List sessions, the newest first", new ApiResponse(200, "A page.", typeof(EditSessionListResource)))
    {
        Parameters = [.. JobParameters.Page("sessions").Where(parameter => parameter.Name is "limit" or "after")],
        Errors = [400],
    };

    public static ApiOperation Tasks { get; } = new(Tag, "List what can be done to a picture", new ApiResponse(200, "Every task with its operations.", typeof(EditTaskListResource)));

    public static ApiOperation Retrieve { get; } = new(Tag, "Get a session with its versions", new ApiResponse(200, "The session as it is now.", typeof(EditSessionResource))) { Errors = [404] };

    public static ApiOperation Delete { get; } = new(Tag, "Delete a session with every version", new ApiResponse(200, "It is deleted.", typeof(DeletedResource))) { Errors = [404] };

    public static ApiOperation Undo { get; } = new(
        Tag, "Go back to the version that the current one was made from; no version is lost", new ApiResponse(200, "The session.", typeof(EditSessionResource))) { Errors = [404, 409] };

    public static ApiOperation Instruct { get; } = new(
        Tag,
        "Make another version",
        new ApiResponse(200, "The version has ended already: `Prefer: wait=N` was sent, or it is an earlier request's.", typeof(EditVersionResource)),
        new ApiResponse(202, "The version; `Location` is its address.", typeof(EditVersionResource)))
    {
        Body = VersionFields,
        Multipart = true,
        Parameters = [JobParameters.IdempotencyKey, JobParameters.Prefer],
        Errors = [400, 404, 409, 413, 415, 422, 503],
    };

    public static ApiOperation Version { get; } = new(Tag, "Get a version", new ApiResponse(200, "The version as it is now.", typeof(EditVersionResource))) { Errors = [404] };

    public static ApiOperation Content { get; } = JobParameters.Content(Tag, "Download a version's picture, or one of its other files") with
    {
        Description = "The original is the file as it was sent. Ranges, `ETag` (the file's SHA-256) and `HEAD` are supported.",
        Parameters = [new("variant", ParameterLocation.Query, "One of the version's `variants`; the picture if left out.", new OpenApiSchema { Type = JsonSchemaType.String })],
    };

    public static ApiOperation Mask { get; } = JobParameters.Content(Tag, "Download a version's mask") with
    {
        Description = "A PNG that is white where pixels may differ from the version before, or where the subject is.",
        Parameters = [new("of", ParameterLocation.Query, "Of what.", new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["changed", "subject"], Default = "changed" })],
    };

    public static ApiOperation Compare { get; } = JobParameters.Content(Tag, "Download a sheet: before, mask, after") with { Description = "A PNG." };

    public static ApiOperation Events { get; } = JobParameters.EventStream(Tag, "edit", "a version", typeof(EditVersionResource));
}
