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
/// <param name="reader">Reads bodies.</param>
/// <param name="images">Checks untrusted images.</param>
/// <param name="limits">Limits of a request.</param>
/// <param name="lifetime">Ends waiting responses and event streams when the server stops.</param>
public sealed class VideoRoutes(JobService jobs, JobResponses responses, RequestReader reader, IImageValidator images, ApiLimits limits, IHostApplicationLifetime lifetime) : IRouteGroup
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
        var query = new QueryReader(context.Request, "limit", "after", "order", "status");
        var page = await jobs.ListAsync(
            Caller.Of(context).Owner,
            new JobQuery
            {
                Kind = JobKind.Video,
                Limit = query.WholeNumber("limit", 1, JobQuery.MaximumLimit) ?? 20,
                After = query.Text("after"),
                Order = query.Word("order", "asc", "desc") == "asc" ? JobOrder.OldestFirst : JobOrder.NewestFirst,
                Status = query.Word("status", "queued", "in_progress", "completed", "failed") is { } status ? Enum.Parse<JobStatus>(status.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : null,
            },
            cancellationToken);
        var videos = page.Jobs.Select(job => new VideoResource(job)).ToArray();
        return Results.Json(new VideoListResource("list", videos, videos.FirstOrDefault()?.Id, videos.LastOrDefault()?.Id, page.HasMore), ApiJson.Options);
    }

    private async Task<IResult> RetrieveAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(new VideoResource(await responses.FindAsync(context, JobKind.Video, cancellationToken)), ApiJson.Options);

    private Task<IResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken) =>
        responses.DeleteAsync(context, JobKind.Video, "video.deleted", cancellationToken);

    private Task<IResult> ContentAsync(HttpContext context, CancellationToken cancellationToken) =>
        responses.ContentAsync(context, JobKind.Video, cancellationToken);

    private async Task<IResult> LinkAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, VideoOperations.LinkFields, ApiRoute.SmallBodyBytes, cancellationToken);
        TimeSpan? life = fields.WholeNumber("expires_in", 60, 604_800) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var job = await responses.FindAsync(context, JobKind.Video, cancellationToken);
        return Results.Json(await responses.LinkAsync(context, job, fields.Text("variant"), life, cancellationToken), ApiJson.Options);
    }

    private async Task<IResult> CancelAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(context, RequestSchema.Empty, ApiRoute.SmallBodyBytes, cancellationToken);
        var job = await jobs.CancelAsync(Caller.Of(context).Owner, JobResponses.IdOf(context, JobKind.Video), cancellationToken);
        return Results.Json(new VideoResource(job), ApiJson.Options);
    }

    private async Task<IResult> EventsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var job = await responses.FindAsync(context, JobKind.Video, cancellationToken);
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        if (last == VideoEvents.EndId)
        {
            // The client has seen the end; 204 makes an EventSource stop reconnecting.
            return Results.NoContent();
        }

        var events = VideoEvents.FollowAsync(jobs, job.Record.Owner, job.Record.Id, last, CancellationToken.None);
        return new EventStreamResult(events, limits.MaximumWait, lifetime.ApplicationStopping);
    }
}
