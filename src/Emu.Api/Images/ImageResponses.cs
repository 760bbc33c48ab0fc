using System.Security.Cryptography;
using System.Text;
using Emu.Api.Authentication;
using Emu.Api.Errors;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Emu.Api.Images;

/// <summary>Answers requests for pictures: starts their jobs, waits for them, and gives the files.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="responses">Finds jobs' files.</param>
/// <param name="limits">Limits of a request.</param>
/// <param name="lifetime">Ends waiting responses when the server stops.</param>
public sealed class ImageResponses(JobService jobs, JobResponses responses, ApiLimits limits, IHostApplicationLifetime lifetime)
{
    /// <summary>Starts as many jobs as are asked for: those after the first have the seeds that follow its own.</summary>
    /// <param name="context">The request, whose idempotency key counts.</param>
    /// <param name="draft">The first job.</param>
    /// <param name="pictures">The pictures of every job.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<IReadOnlyList<JobSnapshot>> StartAsync(HttpContext context, JobDraft draft, JobPictures pictures, int count, CancellationToken cancellationToken)
    {
        var (owner, idempotencyKey) = (Caller.Of(context).Owner, IdempotencyKey.Read(context.Request));
        var started = new List<JobSnapshot>();
        try
        {
            for (var index = 0; index < count; index++)
            {
                // The images after the first take the seeds that follow its own, and have idempotency keys of their own.
                var seeded = index == 0 ? draft : draft with { Seed = (started[0].Record.Request.Seed + index) & JobFields.MaximumSeed };
                var key = idempotencyKey is null || index == 0 ? idempotencyKey : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{index} {idempotencyKey}")));
                var options = new CreateOptions { IdempotencyKey = key, MaximumInFlight = limits.JobsInFlight };
                started.Add((await jobs.CreateFromAsync(owner, seeded, pictures, options, cancellationToken)).Job);
            }
        }
        catch (Exception) when (idempotencyKey is null)
        {
            await CancelAsync(started);
            throw;
        }

        return started;
    }

    /// <summary>Waits for the jobs and answers with their pictures.</summary>
    /// <param name="context">The request.</param>
    /// <param name="started">The jobs.</param>
    /// <param name="asLinks">Whether links are given instead of the files.</param>
    /// <param name="cancellationToken">The client has left: without an idempotency key the jobs are cancelled.</param>
    public async Task<IResult> RespondAsync(HttpContext context, IReadOnlyList<JobSnapshot> started, bool asLinks, CancellationToken cancellationToken)
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
            throw new ApiException(StatusOf(error, failed.Record.Request.Kind), error.Code, error.Message) { ShouldRetry = false, Location = JobResponses.RouteOf(failed) };
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
        var media = record.Files!.First(file => file.Variant == request.Formats[0]).Media;
        var size = media is null ? request.Size : new FrameSize(media.Width, media.Height);
        return Results.Json(
            new ImagesResource(record.CreatedAt.ToUnixTimeSeconds(), images, request.Transparent ? "transparent" : "opaque", request.Formats[0], size.ToString(), warnings),
            ApiJson.Options);
    }

    /// <summary>Answers with the jobs instead of their pictures.</summary>
    /// <param name="context">The request.</param>
    /// <param name="started">The jobs.</param>
    /// <param name="page">The resource that shows them.</param>
    public static IResult Unfinished(HttpContext context, IReadOnlyList<JobSnapshot> started, object page)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(started);
        context.Response.Headers["Preference-Applied"] = PreferAsync.Token;
        context.Response.Headers.Location = JobResponses.RouteOf(started[0]);
        return Results.Json(page, ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static ApiException Unfinished(int status, string code, string message, JobSnapshot job) =>
        new(status, code, $"{message} The work goes on: see {JobResponses.RouteOf(job)}.") { ShouldRetry = false, Location = JobResponses.RouteOf(job) };

    // What a picture does not show is known only when it is looked at: the client's to change, not the server's.
    private static int StatusOf(JobError error, JobKind kind) => error.Code switch
    {
        FailureCodes.Cancelled => StatusCodes.Status409Conflict,
        FailureCodes.InvalidInput when kind == JobKind.Edit => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private async Task CancelAsync(IReadOnlyList<JobSnapshot> started)
    {
        foreach (var job in started)
        {
            await jobs.CancelAsync(job.Record.Owner, job.Record.Id, CancellationToken.None);
        }
    }
}
