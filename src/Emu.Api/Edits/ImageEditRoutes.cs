using Emu.Api.Errors;
using Emu.Api.Images;
using Emu.Api.Jobs;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Edits;

/// <summary>The routes under <c>/v1/images/edits</c>: OpenAI's image edits, and the jobs of edits.</summary>
/// <param name="images">Answers with pictures.</param>
/// <param name="routes">The routes that every kind of job has.</param>
/// <param name="bodies">Reads requests.</param>
public sealed class ImageEditRoutes(ImageResponses images, JobRoutes routes, EditBodies bodies) : IRouteGroup
{
    private const string Lossless = "png";

    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("images.edit", "POST", JobResponses.RouteOf(JobKind.Edit), EditAsync, EditOperations.EditImages),
        .. routes.Of(new JobRouteSet(JobKind.Edit, "edits.jobs", job => new EditResource(job), PageOf, EditOperations.Jobs)),
    ];

    private static EditListResource PageOf(JobPage page)
    {
        var edits = page.Jobs.Select(job => new EditResource(job)).ToArray();
        return new EditListResource("list", edits, edits.FirstOrDefault()?.Id, edits.LastOrDefault()?.Id, page.HasMore);
    }

    private async Task<IResult> EditAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await bodies.ReadAsync(context, EditOperations.ImageFields, cancellationToken);
        var count = (int)(fields.WholeNumber("n", 1, ImageOperations.MaximumCount) ?? 1);
        var asLinks = fields.Word("response_format", "b64_json", "url") == "url";
        var draft = IgnoredFields.Check(IgnoredFields.Edits, JobFields.Read(JobKind.Edit, fields), fields);
        if (fields.Text("output_format") is { } format)
        {
            // Who names another format wants its loss.
            draft = draft with { Formats = [format], Edit = (draft.Edit ?? new EditDraft()) with { Lossy = format != Lossless } };
        }

        if (draft.Prompt.Length == 0)
        {
            throw ApiException.Missing(JobFields.Prompt.Name);
        }

        var pictures = await bodies.ReadImagesAsync(fields, cancellationToken);
        IReadOnlyList<JobSnapshot> started;
        try
        {
            started = await images.StartAsync(context, draft, pictures, count, cancellationToken);
        }
        catch (InvalidJobException exception) when (exception.Parameter == InputPicture.Parameter)
        {
            throw new InvalidJobException("image", exception.Code, exception.Message, exception);
        }

        return PreferAsync.Read(context.Request)
            ? ImageResponses.Unfinished(context, started, PageOf(new JobPage(started, false)))
            : await images.RespondAsync(context, started, asLinks, cancellationToken);
    }
}
