using Emu.Api.Authentication;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Videos;

/// <summary>The routes under <c>/v1/videos</c>.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="routes">The routes that every kind of job has.</param>
/// <param name="actions">What can be done with a job of every kind.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="references">Reads the picture that a video begins from.</param>
/// <param name="limits">Limits of a request.</param>
public sealed class VideoRoutes(JobService jobs, JobRoutes routes, JobActions actions, RequestReader reader, InputReference references, ApiLimits limits) : IRouteGroup
{
    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("videos.create", "POST", JobResponses.RouteOf(JobKind.Video), CreateAsync, VideoOperations.Create),
        .. routes.Of(new JobRouteSet(JobKind.Video, "videos", job => new VideoResource(job), PageOf, VideoOperations.Jobs)),
        JobRoutes.Identified(new("videos.remix", "POST", "/v1/videos/{id}/remix", RemixAsync, VideoOperations.Remix), JobKind.Video),
    ];

    private static VideoListResource PageOf(JobPage page)
    {
        var videos = page.Jobs.Select(job => new VideoResource(job)).ToArray();
        return new VideoListResource("list", videos, videos.FirstOrDefault()?.Id, videos.LastOrDefault()?.Id, page.HasMore);
    }

    private async Task<IResult> CreateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, VideoOperations.CreateFields, limits.MaximumBodyBytes, cancellationToken);
        var picture = await references.ReadAsync(Caller.Of(context).Owner, fields, cancellationToken);
        var created = await jobs.CreateAsync(Caller.Of(context).Owner, JobFields.Read(JobKind.Video, fields), picture, OptionsOf(context), cancellationToken);
        return await AcceptedAsync(context, created, cancellationToken);
    }

    private async Task<IResult> RemixAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var source = JobResponses.IdOf(context, JobKind.Video);
        var fields = await reader.ReadAsync(context, VideoOperations.RemixFields, ApiRoute.SmallBodyBytes, cancellationToken);
        var created = await jobs.RemixAsync(Caller.Of(context).Owner, source, fields.Text("prompt") ?? "", OptionsOf(context), cancellationToken);
        return await AcceptedAsync(context, created, cancellationToken);
    }

    private CreateOptions OptionsOf(HttpContext context) => new() { IdempotencyKey = IdempotencyKey.Read(context.Request), MaximumInFlight = limits.JobsInFlight };

    private async Task<IResult> AcceptedAsync(HttpContext context, CreatedJob created, CancellationToken cancellationToken)
    {
        var job = await actions.AcceptAsync(context, created, cancellationToken);
        return Results.Json(new VideoResource(job), ApiJson.Options, statusCode: job.Record.HasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}
