using Emu.Api.Jobs;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Images;

/// <summary>The routes under <c>/v1/images</c>, but for edits.</summary>
/// <param name="images">Answers with pictures.</param>
/// <param name="routes">The routes that every kind of job has.</param>
/// <param name="reader">Reads bodies.</param>
public sealed class ImageRoutes(ImageResponses images, JobRoutes routes, RequestReader reader) : IRouteGroup
{
    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("images.generate", "POST", "/v1/images/generations", GenerateAsync, ImageOperations.Generate),
        .. routes.Of(new JobRouteSet(JobKind.Image, "images", job => new ImageResource(job), PageOf, ImageOperations.Jobs)),
    ];

    private static ImageListResource PageOf(JobPage page)
    {
        var shown = page.Jobs.Select(job => new ImageResource(job)).ToArray();
        return new ImageListResource("list", shown, shown.FirstOrDefault()?.Id, shown.LastOrDefault()?.Id, page.HasMore);
    }

    private async Task<IResult> GenerateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, ImageOperations.GenerateFields, ApiRoute.SmallBodyBytes, cancellationToken);
        var count = (int)(fields.WholeNumber("n", 1, ImageOperations.MaximumCount) ?? 1);
        var asLinks = fields.Word("response_format", "b64_json", "url") == "url";
        var transparent = fields.Word("background", "auto", "opaque", "transparent") == "transparent";
        var draft = IgnoredFields.Check(IgnoredFields.Generations, JobFields.Read(JobKind.Image, fields), fields);
        draft = draft with { Transparent = draft.Transparent || transparent, Formats = fields.Text("output_format") is { } format ? [format] : [] };
        var started = await images.StartAsync(context, draft, JobPictures.None, count, cancellationToken);
        return PreferAsync.Read(context.Request)
            ? ImageResponses.Unfinished(context, started, PageOf(new JobPage(started, false)))
            : await images.RespondAsync(context, started, asLinks, cancellationToken);
    }
}
