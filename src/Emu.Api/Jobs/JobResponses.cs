using Emu.Api.Authentication;
using Emu.Api.Hosting;
using Emu.Api.Requests;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Emu.Api.Jobs;

/// <summary>What the routes of every kind of job share: finding a job by its id, its files, links to them, its deletion.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="records">Their records.</param>
/// <param name="links">Signs links.</param>
/// <param name="address">The server's address as clients see it.</param>
/// <param name="time">The clock.</param>
public sealed class JobResponses(JobService jobs, JobRecords records, LinkSigner links, ServerAddress address, TimeProvider time)
{
    private static readonly TimeSpan DefaultLinkLife = TimeSpan.FromHours(1);

    /// <summary>The id in a request's path.</summary>
    /// <exception cref="JobNotFoundException">It is not an id of that kind.</exception>
    public static string IdOf(HttpContext context, JobKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        var text = context.Request.RouteValues["id"] as string ?? "";
        return IsId(text, kind) ? text : throw new JobNotFoundException(RequestFields.Shorten(text));
    }

    /// <summary>Whether a text has the form of an id of a kind of job.</summary>
    public static bool IsId(string text, JobKind kind) => JobId.TryParse(text, out var id) && id.Kind == kind;

    /// <summary>The caller's job that a request's path names.</summary>
    public Task<JobSnapshot> FindAsync(HttpContext context, JobKind kind, CancellationToken cancellationToken) =>
        jobs.GetAsync(Caller.Of(context).Owner, IdOf(context, kind), cancellationToken);

    /// <summary>Responds with a file: ranges, ETag, content type and file name included.</summary>
    /// <param name="context">The request, whose caller owns the job or holds a signed link.</param>
    /// <param name="kind">The kind of job that the route serves.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IResult> ContentAsync(HttpContext context, JobKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var id = IdOf(context, kind);

        // A request with a signed link has no owner. The signature covers the path, so the owner of the job that the path names is taken.
        var owner = context.Features.Get<Caller>()?.Owner ?? (await records.FindAsync(id, cancellationToken))?.Owner ?? throw new JobNotFoundException(id);
        var job = await jobs.GetAsync(owner, id, cancellationToken);
        return await FileAsync(context, id, await FileAsync(job, context.Request.Query["variant"], cancellationToken), job.Record.EndedAt, cancellationToken);
    }

    /// <summary>Responds with a file: ranges, ETag, content type and file name included.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">What the file is called, without its variant and extension.</param>
    /// <param name="file">The file.</param>
    /// <param name="modified">When it was made, UTC.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IResult> FileAsync(HttpContext context, string name, JobFile file, DateTimeOffset? modified, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(file);
        Stream stream;
        try
        {
            stream = await jobs.OpenFileAsync(file, cancellationToken);
        }
        catch (ArtifactNotFoundException)
        {
            // Deleted since its record was read.
            throw new JobNotFoundException(name);
        }

        var extension = Path.GetExtension(file.Artifact);

        // A format's file is called by what it is (video, image), any other by its variant.
        var full = Path.GetFileNameWithoutExtension(file.Artifact) == file.Variant ? $"{name}-{file.Variant}{extension}" : name + extension;
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("inline") { FileName = full }.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
        return Results.Stream(stream, file.ContentType, lastModified: modified, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }

    /// <summary>Makes a link to one of a job's files.</summary>
    /// <param name="context">The request, for whose client the link is made.</param>
    /// <param name="job">The job.</param>
    /// <param name="variant">Which file; the main one if null.</param>
    /// <param name="life">For how long the link is valid; an hour if null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LinkResource> LinkAsync(HttpContext context, JobSnapshot job, string? variant, TimeSpan? life, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(job);
        var file = await FileAsync(job, variant, cancellationToken);
        var expires = time.GetUtcNow() + (life ?? DefaultLinkLife);
        var url = address.RootOf(context.Request) + links.Sign($"{RouteOf(job)}/content", file.Variant, expires);
        return new LinkResource("link", job.Record.Id, file.Variant, url, expires.ToUnixTimeSeconds());
    }

    /// <summary>The path of a job's own route, for the client of a request.</summary>
    public string PathOf(HttpContext context, JobSnapshot job)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(job);
        return address.PathOf(context.Request, RouteOf(job));
    }

    /// <summary>The main file's bytes.</summary>
    public async Task<byte[]> ReadMainAsync(JobSnapshot job, CancellationToken cancellationToken)
    {
        await using var stream = await jobs.OpenFileAsync(await FileAsync(job, null, cancellationToken), cancellationToken);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Deletes the job that a request's path names.</summary>
    public async Task<IResult> DeleteAsync(HttpContext context, JobKind kind, CancellationToken cancellationToken)
    {
        var id = IdOf(context, kind);
        await jobs.DeleteAsync(Caller.Of(context).Owner, id, cancellationToken);
        return Results.Json(new DeletedResource(id, $"{id[..id.IndexOf('_', StringComparison.Ordinal)]}.deleted"), ApiJson.Options);
    }

    /// <summary>The path under which the jobs of a kind are.</summary>
    public static string RouteOf(JobKind kind) => kind switch
    {
        JobKind.Video => "/v1/videos",
        JobKind.Image => "/v1/images",
        JobKind.Edit => "/v1/images/edits",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are no routes for that kind of job."),
    };

    /// <summary>The path of a job's own route.</summary>
    public static string RouteOf(JobSnapshot job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return $"{RouteOf(job.Record.Request.Kind)}/{job.Record.Id}";
    }

    private async Task<JobFile> FileAsync(JobSnapshot job, string? variant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);

        // OpenAI calls the main file "video"; beside it, files are called by their variant.
        var name = variant is null or "" or "video" or "image" or "edit" ? null : variant;
        return await jobs.FindFileAsync(job.Record.Owner, job.Record.Id, name, cancellationToken);
    }
}
