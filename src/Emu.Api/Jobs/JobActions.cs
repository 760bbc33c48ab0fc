using Emu.Api.Authentication;
using Emu.Api.Limits;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Formats;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Emu.Api.Jobs;

/// <summary>What can be done with a job of every kind: follow, cancel, share and convert it.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="formats">Makes further formats.</param>
/// <param name="responses">Finds jobs and their files.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="limits">Limits of a request.</param>
/// <param name="lifetime">Ends waiting responses and event streams when the server stops.</param>
public sealed class JobActions(JobService jobs, JobFormats formats, JobResponses responses, RequestReader reader, ApiLimits limits, IHostApplicationLifetime lifetime)
{
    private const string FormatDescription = "A format is made from the job's frames, at the job's size, the first time that it is asked for. With `Prefer: wait=N` the response comes when it is there.";

    private static readonly string[] Statuses = ["queued", "in_progress", "completed", "failed"];

    private static RequestSchema LinkFields { get; } = new(
        "CreateLink",
        RequestField.Text("variant", "Which file; the main one if left out."),
        RequestField.WholeNumber("expires_in", "For how many seconds the link is valid: 60 to 604800.", 60, 604_800, 3600));

    private static RequestSchema FormatFields { get; } = new("MakeFormat", RequestField.Text("format", "One of the formats that the models list.") with { Required = true });

    /// <summary>How the API's description tells of links to a job's files.</summary>
    internal static ApiOperation LinkOperation(string tag) =>
        new(tag, "Make a link with which one file can be downloaded without a key until it expires", new ApiResponse(200, "The link.", typeof(LinkResource)))
        {
            Body = LinkFields,
            Errors = [400, 404, 409],
        };

    /// <summary>How the API's description tells of further formats of a job.</summary>
    internal static ApiOperation FormatOperation(string tag, string noun, Type resource) => new(
        tag,
        $"Make a completed {noun} in another format",
        new ApiResponse(200, "The job; the format is among its `variants`.", resource),
        new ApiResponse(202, "The job; the format is being made.", resource))
    {
        Description = FormatDescription,
        Body = FormatFields,
        Parameters = [JobParameters.Prefer],
        Errors = [400, 404, 409, 500],
    };

    /// <summary>Answers a creation: sets the headers, and waits for the job as long as the client asks (<c>Prefer: wait=N</c>).</summary>
    /// <param name="context">The request.</param>
    /// <param name="created">The job.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The job at that moment.</returns>
    public async Task<JobSnapshot> AcceptAsync(HttpContext context, CreatedJob created, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(created);
        var job = await WaitAsync(context, created.Job, cancellationToken);
        if (created.IsReplay)
        {
            context.Response.Headers[ApiHeaders.IdempotentReplayed] = "true";
        }

        context.Response.Headers.Location = responses.PathOf(context, job);
        return job;
    }

    /// <summary>Waits for a job as long as the client asks (<c>Prefer: wait=N</c>).</summary>
    public async Task<JobSnapshot> WaitAsync(HttpContext context, JobSnapshot job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(job);
        if (PreferWait.Read(context.Request, limits.MaximumWait) is not { } wait)
        {
            return job;
        }

        context.Response.Headers[ApiHeaders.PreferenceApplied] = $"wait={wait.TotalSeconds:0}";
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

    /// <summary>Reads a listing's query and finds the page.</summary>
    public async Task<JobPage> ListAsync(HttpContext context, JobKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var query = new QueryReader(context.Request, "limit", "after", "order", "status");
        return await jobs.ListAsync(
            Caller.Of(context).Owner,
            new JobQuery
            {
                Kind = kind,
                Limit = query.WholeNumber("limit", 1, JobQuery.MaximumLimit) ?? 20,
                After = query.Text("after"),
                Order = query.Word("order", "asc", "desc") == "asc" ? JobOrder.OldestFirst : JobOrder.NewestFirst,
                Status = query.Word("status", Statuses) is { } status ? Enum.Parse<JobStatus>(status.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : null,
            },
            cancellationToken);
    }

    /// <summary>Sends the events of the job that a request's path names.</summary>
    public async Task<IResult> EventsAsync(HttpContext context, JobKind kind, Func<JobSnapshot, JobResource> resourceOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var job = await responses.FindAsync(context, kind, cancellationToken);
        return Events(context, job, resourceOf);
    }

    /// <summary>Sends the events of a job.</summary>
    /// <param name="context">The request.</param>
    /// <param name="job">The job.</param>
    /// <param name="resourceOf">Makes the data of each event.</param>
    public IResult Events(HttpContext context, JobSnapshot job, Func<JobSnapshot, object> resourceOf)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(job);
        return Events(context, JobEvents.FollowAsync(jobs, job.Record.Owner, job.Record.Id, LastIdOf(context), resourceOf, CancellationToken.None));
    }

    /// <summary>Sends events.</summary>
    /// <param name="context">The request.</param>
    /// <param name="events">The events, newer than the one that the client saw last.</param>
    public IResult Events(HttpContext context, IAsyncEnumerable<ServerSentEvent> events) => LastIdOf(context) == JobEvents.EndId
        // The client has seen the end; 204 makes an EventSource stop reconnecting.
        ? Results.NoContent()
        : new EventStreamResult(events, limits.MaximumWait, lifetime.ApplicationStopping);

    private static string LastIdOf(HttpContext context) => context.Request.Headers["Last-Event-ID"].ToString();

    /// <summary>Cancels the job that a request's path names.</summary>
    public async Task<JobSnapshot> CancelAsync(HttpContext context, JobKind kind, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(context, RequestSchema.Empty, ApiRoute.SmallBodyBytes, cancellationToken);
        return await jobs.CancelAsync(Caller.Of(context).Owner, JobResponses.IdOf(context, kind), cancellationToken);
    }

    /// <summary>Makes a link to a file of the job that a request's path names.</summary>
    public async Task<IResult> LinkAsync(HttpContext context, JobKind kind, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, LinkFields, ApiRoute.SmallBodyBytes, cancellationToken);
        TimeSpan? life = fields.WholeNumber("expires_in", 60, 604_800) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var job = await responses.FindAsync(context, kind, cancellationToken);
        return Results.Json(await responses.LinkAsync(context, job, fields.Text("variant"), life, cancellationToken), ApiJson.Options);
    }

    /// <summary>Has a further format made of the job that a request's path names.</summary>
    public async Task<IResult> MakeFormatAsync(HttpContext context, JobKind kind, Func<JobSnapshot, JobResource> resourceOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(resourceOf);
        var id = JobResponses.IdOf(context, kind);
        var fields = await reader.ReadAsync(context, FormatFields, ApiRoute.SmallBodyBytes, cancellationToken);
        var format = fields.Text("format") ?? throw Errors.ApiException.Missing("format");
        var wait = PreferWait.Read(context.Request, limits.MaximumWait);
        if (wait is { } applied)
        {
            context.Response.Headers["Preference-Applied"] = $"wait={applied.TotalSeconds:0}";
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var owner = Caller.Of(context).Owner;
        JobSnapshot job;
        try
        {
            job = await formats.MakeAsync(owner, id, format, wait ?? TimeSpan.Zero, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The server stops: the format is made after its next start.
            job = await jobs.GetAsync(owner, id, cancellationToken);
        }

        var isThere = job.Record.Files?.Any(file => file.Variant == format) == true;
        return Results.Json(resourceOf(job), ApiJson.Options, statusCode: isThere ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}
