using Emu.Api.Authentication;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Emu.Api.Videos;

/// <summary>The routes under <c>/v1/videos</c>.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="responses">What the routes of every kind of job share.</param>
/// <param name="actions">What can be done with a job of every kind.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="images">Checks untrusted images.</param>
/// <param name="limits">Limits of a request.</param>
/// <param name="lifetime">Ends waiting responses and event streams when the server stops.</param>
public sealed class VideoRoutes(JobService jobs, JobResponses responses, JobActions actions, RequestReader reader, IImageValidator images, ApiLimits limits, IHostApplicationLifetime lifetime) : IRouteGroup
{
    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes => new ApiRoute[]
    {
        new("videos.create", "POST", "/v1/videos", CreateAsync, VideoOperations.Create),
        new("videos.list", "GET", "/v1/videos", ListAsync, VideoOperations.List),
        new("videos.retrieve", "GET", "/v1/videos/{id}", RetrieveAsync, VideoOperations.Retrieve),
        new("videos.delete", "DELETE", "/v1/videos/{id}", DeleteAsync, VideoOperations.Delete),
        new("videos.content", "GET", "/v1/videos/{id}/content", ContentAsync, VideoOperations.Content) { Access = ApiAccess.KeyOrSignedLink },
        new("videos.events", "GET", "/v1/videos/{id}/events", EventsAsync, VideoOperations.Events),
        new("videos.cancel", "POST", "/v1/videos/{id}/cancel", CancelAsync, VideoOperations.Cancel),
        new("videos.remix", "POST", "/v1/videos/{id}/remix", RemixAsync, VideoOperations.Remix),
        new("videos.format", "POST", "/v1/videos/{id}/formats", FormatAsync, VideoOperations.Format),
        new("videos.link", "POST", "/v1/videos/{id}/links", LinkAsync, VideoOperations.Link),
    }.Select(route => route with { IsId = id => JobResponses.IsId(id, JobKind.Video) });

    private async Task<IResult> CreateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, VideoOperations.CreateFields, limits.MaximumBodyBytes, cancellationToken);
        var picture = InputReference.Read(fields, limits) is { } file ? await images.ValidateAsync(file, limits.Images, cancellationToken) : null;
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
        var job = created.Job;
        var headers = context.Response.Headers;
        if (PreferWait.Read(context.Request, limits.MaximumWait) is { } wait)
        {
            headers[ApiHeaders.PreferenceApplied] = $"wait={wait.TotalSeconds:0}";
            job = await WaitAsync(job, wait, cancellationToken);
        }

        if (created.IsReplay)
        {
            headers[ApiHeaders.IdempotentReplayed] = "true";
        }

        headers.Location = responses.PathOf(context, job);
        return Results.Json(new VideoResource(job), ApiJson.Options, statusCode: job.Record.HasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private async Task<JobSnapshot> WaitAsync(JobSnapshot job, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            return await jobs.WaitForEndAsync(job.Record.Owner, job.Record.Id, wait, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The server stops: the client gets the job as it is and can follow it from there.
            return await jobs.GetAsync(job.Record.Owner, job.Record.Id, cancellationToken);
        }
    }

    private async Task<IResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var page = await actions.ListAsync(context, JobKind.Video, cancellationToken);
        var videos = page.Jobs.Select(job => new VideoResource(job)).ToArray();
        return Results.Json(new VideoListResource("list", videos, videos.FirstOrDefault()?.Id, videos.LastOrDefault()?.Id, page.HasMore), ApiJson.Options);
    }

    private async Task<IResult> RetrieveAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(new VideoResource(await responses.FindAsync(context, JobKind.Video, cancellationToken)), ApiJson.Options);

    private Task<IResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken) =>
        responses.DeleteAsync(context, JobKind.Video, "video.deleted", cancellationToken);

    private Task<IResult> ContentAsync(HttpContext context, CancellationToken cancellationToken) =>
        responses.ContentAsync(context, JobKind.Video, cancellationToken);

    private Task<IResult> LinkAsync(HttpContext context, CancellationToken cancellationToken) => actions.LinkAsync(context, JobKind.Video, cancellationToken);

    private Task<IResult> FormatAsync(HttpContext context, CancellationToken cancellationToken) =>
        actions.MakeFormatAsync(context, JobKind.Video, job => new VideoResource(job), cancellationToken);

    private async Task<IResult> CancelAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(new VideoResource(await actions.CancelAsync(context, JobKind.Video, cancellationToken)), ApiJson.Options);

    private Task<IResult> EventsAsync(HttpContext context, CancellationToken cancellationToken) =>
        actions.EventsAsync(context, JobKind.Video, job => new VideoResource(job), cancellationToken);
}
