using System.Security.Cryptography;
using System.Text;
using Emu.Api.Authentication;
using Emu.Api.Errors;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Emu.Api.Images;

/// <summary>The routes under <c>/v1/images</c>.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="responses">What the routes of every kind of job share.</param>
/// <param name="actions">What can be done with a job of every kind.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="limits">Limits of a request.</param>
/// <param name="lifetime">Ends waiting responses when the server stops.</param>
public sealed class ImageRoutes(JobService jobs, JobResponses responses, JobActions actions, RequestReader reader, ApiLimits limits, IHostApplicationLifetime lifetime) : IRouteGroup
{
    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes => new ApiRoute[]
    {
        new("images.generate", "POST", "/v1/images/generations", GenerateAsync, ImageOperations.Generate),
        new("images.list", "GET", "/v1/images", ListAsync, ImageOperations.List),
        new("images.retrieve", "GET", "/v1/images/{id}", RetrieveAsync, ImageOperations.Retrieve),
        new("images.delete", "DELETE", "/v1/images/{id}", DeleteAsync, ImageOperations.Delete),
        new("images.content", "GET", "/v1/images/{id}/content", ContentAsync, ImageOperations.Content) { Access = ApiAccess.KeyOrSignedLink },
        new("images.events", "GET", "/v1/images/{id}/events", EventsAsync, ImageOperations.Events),
        new("images.cancel", "POST", "/v1/images/{id}/cancel", CancelAsync, ImageOperations.Cancel),
        new("images.format", "POST", "/v1/images/{id}/formats", FormatAsync, ImageOperations.Format),
        new("images.link", "POST", "/v1/images/{id}/links", LinkAsync, ImageOperations.Link),
    }.Select(route => route with { IsId = id => JobResponses.IsId(id, JobKind.Image) });

    private async Task<IResult> GenerateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, ImageOperations.GenerateFields, ApiRoute.SmallBodyBytes, cancellationToken);
        var count = (int)(fields.WholeNumber("n", 1, ImageOperations.MaximumCount) ?? 1);
        var asLinks = fields.Word("response_format", "b64_json", "url") == "url";
        var transparent = fields.Word("background", "auto", "opaque", "transparent") == "transparent";
        var draft = IgnoredFields.Check(JobFields.Read(JobKind.Image, fields), fields);
        draft = draft with { Transparent = draft.Transparent || transparent, Formats = fields.Text("output_format") is { } format ? [format] : [] };
        var started = await StartAsync(Caller.Of(context).Owner, draft, count, IdempotencyKey.Read(context.Request), cancellationToken);
        if (PreferAsync.Read(context.Request))
        {
            context.Response.Headers["Preference-Applied"] = PreferAsync.Token;
            context.Response.Headers.Location = $"/v1/images/{started[0].Record.Id}";
            return Results.Json(Page(started, hasMore: false), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
        }

        return await RespondAsync(context, started, asLinks, cancellationToken);
    }

    private static ImageListResource Page(IReadOnlyList<JobSnapshot> jobs, bool hasMore)
    {
        var images = jobs.Select(job => new ImageResource(job)).ToArray();
        return new ImageListResource("list", images, images.FirstOrDefault()?.Id, images.LastOrDefault()?.Id, hasMore);
    }

    private async Task<IResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var page = await actions.ListAsync(context, JobKind.Image, cancellationToken);
        return Results.Json(Page(page.Jobs, page.HasMore), ApiJson.Options);
    }

    private async Task<IReadOnlyList<JobSnapshot>> StartAsync(string owner, JobDraft draft, int count, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var started = new List<JobSnapshot>();
        try
        {
            for (var index = 0; index < count; index++)
            {
                // The images after the first take the seeds that follow its own, and have idempotency keys of their own.
                var seeded = index == 0 ? draft : draft with { Seed = (started[0].Record.Request.Seed + index) & JobFields.MaximumSeed };
                var key = idempotencyKey is null || index == 0 ? idempotencyKey : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{index} {idempotencyKey}")));
                var options = new CreateOptions { IdempotencyKey = key, MaximumInFlight = limits.JobsInFlight };
                started.Add((await jobs.CreateAsync(owner, seeded, null, options, cancellationToken)).Job);
            }
        }
        catch (Exception) when (idempotencyKey is null)
        {
            await CancelAsync(started);
            throw;
        }

        return started;
    }

    private async Task<IResult> RespondAsync(HttpContext context, IReadOnlyList<JobSnapshot> started, bool asLinks, CancellationToken cancellationToken)
    {
        JobSnapshot[] ended;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            ended = await Task.WhenAll(started.Select(job => jobs.WaitForEndAsync(job.Record.Owner, job.Record.Id, limits.MaximumWait, either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unfinished(StatusCodes.Status503ServiceUnavailable, "server_stopping", "The server stops before the picture is done.", started[0]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && IdempotencyKey.Read(context.Request) is null)
        {
            // The client is gone, and without an idempotency key it can never get the response.
            await CancelAsync(started);
            throw;
        }

        if (ended.FirstOrDefault(job => job.Record.State == JobState.Failed) is { Record.Error: { } error } failed)
        {
            throw new ApiException(error.Code == "cancelled" ? 409 : 500, error.Code, error.Message) { ShouldRetry = false, Location = $"/v1/images/{failed.Record.Id}" };
        }

        if (ended.FirstOrDefault(job => job.Record.State != JobState.Completed) is { } unfinished)
        {
            throw Unfinished(StatusCodes.Status504GatewayTimeout, "not_done_in_time", $"The picture was not done within {limits.MaximumWait.TotalSeconds:0} seconds.", unfinished);
        }

        var images = new List<GeneratedImage>();
        foreach (var job in ended)
        {
            images.Add(asLinks
                ? new GeneratedImage(null, (await responses.LinkAsync(context, job, null, null, cancellationToken)).Url, job.Record.Id, job.Record.Request.Seed)
                : new GeneratedImage(Convert.ToBase64String(await responses.ReadMainAsync(job, cancellationToken)), null, job.Record.Id, job.Record.Request.Seed));
        }

        var (record, request) = (ended[0].Record, ended[0].Record.Request);
        var warnings = ended.SelectMany(job => job.Record.Warnings).Distinct().ToList();
        return Results.Json(
            new ImagesResource(record.CreatedAt.ToUnixTimeSeconds(), images, request.Transparent ? "transparent" : "opaque", request.Formats[0], request.Size.ToString(), warnings),
            ApiJson.Options);
    }

    private static ApiException Unfinished(int status, string code, string message, JobSnapshot job) =>
        new(status, code, $"{message} The work goes on: see /v1/images/{job.Record.Id}.") { ShouldRetry = false, Location = $"/v1/images/{job.Record.Id}" };

    private async Task<IResult> RetrieveAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(new ImageResource(await responses.FindAsync(context, JobKind.Image, cancellationToken)), ApiJson.Options);

    private Task<IResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken) =>
        responses.DeleteAsync(context, JobKind.Image, "image.deleted", cancellationToken);

    private Task<IResult> ContentAsync(HttpContext context, CancellationToken cancellationToken) =>
        responses.ContentAsync(context, JobKind.Image, cancellationToken);

    private Task<IResult> EventsAsync(HttpContext context, CancellationToken cancellationToken) =>
        actions.EventsAsync(context, JobKind.Image, job => new ImageResource(job), cancellationToken);

    private async Task<IResult> CancelAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(new ImageResource(await actions.CancelAsync(context, JobKind.Image, cancellationToken)), ApiJson.Options);

    private Task<IResult> FormatAsync(HttpContext context, CancellationToken cancellationToken) =>
        actions.MakeFormatAsync(context, JobKind.Image, job => new ImageResource(job), cancellationToken);

    private Task<IResult> LinkAsync(HttpContext context, CancellationToken cancellationToken) => actions.LinkAsync(context, JobKind.Image, cancellationToken);

    private async Task CancelAsync(IReadOnlyList<JobSnapshot> started)
    {
        foreach (var job in started)
        {
            await jobs.CancelAsync(job.Record.Owner, job.Record.Id, CancellationToken.None);
        }
    }
}
