using Emu.Api.OpenApi;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Jobs;

/// <summary>A kind of job as its routes show it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">What its routes' names begin with: <c>videos</c>.</param>
/// <param name="ResourceOf">Makes a job's resource.</param>
/// <param name="PageOf">Makes the resource of a page of jobs.</param>
/// <param name="Operations">The descriptions of its routes.</param>
internal sealed record JobRouteSet(JobKind Kind, string Name, Func<JobSnapshot, JobResource> ResourceOf, Func<JobPage, object> PageOf, JobOperations Operations);

/// <summary>The routes that every kind of job has, besides those that create jobs.</summary>
/// <param name="responses">Finds jobs and their files.</param>
/// <param name="actions">What can be done with a job.</param>
public sealed class JobRoutes(JobResponses responses, JobActions actions)
{
    /// <summary>The routes of a kind of job.</summary>
    internal IEnumerable<ApiRoute> Of(JobRouteSet set)
    {
        var (kind, name, resourceOf, operations) = (set.Kind, set.Name, set.ResourceOf, set.Operations);
        var path = JobResponses.RouteOf(kind);
        return new ApiRoute[]
        {
            new($"{name}.list", "GET", path, async (context, token) => Json(set.PageOf(await actions.ListAsync(context, kind, token))), operations.List),
            new($"{name}.retrieve", "GET", $"{path}/{{id}}", async (context, token) => Json(resourceOf(await responses.FindAsync(context, kind, token))), operations.Retrieve),
            new($"{name}.delete", "DELETE", $"{path}/{{id}}", (context, token) => responses.DeleteAsync(context, kind, token), operations.Delete),
            new($"{name}.content", "GET", $"{path}/{{id}}/content", (context, token) => responses.ContentAsync(context, kind, token), operations.Content) { Access = ApiAccess.KeyOrSignedLink },
            new($"{name}.events", "GET", $"{path}/{{id}}/events", (context, token) => actions.EventsAsync(context, kind, resourceOf, token), operations.Events),
            new($"{name}.cancel", "POST", $"{path}/{{id}}/cancel", async (context, token) => Json(resourceOf(await actions.CancelAsync(context, kind, token))), operations.Cancel),
            new($"{name}.format", "POST", $"{path}/{{id}}/formats", (context, token) => actions.MakeFormatAsync(context, kind, resourceOf, token), operations.Format),
            new($"{name}.link", "POST", $"{path}/{{id}}/links", (context, token) => actions.LinkAsync(context, kind, token), operations.Link),
        }.Select(route => Identified(route, kind));
    }

    /// <summary>The route, whose <c>{id}</c> can only be that of a kind of job.</summary>
    internal static ApiRoute Identified(ApiRoute route, JobKind kind) => route with { IsId = id => JobResponses.IsId(id, kind) };

    private static IResult Json(object value) => Results.Json(value, ApiJson.Options);
}

/// <summary>How the API's description tells of the routes that every kind of job has.</summary>
internal sealed record JobOperations
{
    public required ApiOperation List { get; init; }

    public required ApiOperation Retrieve { get; init; }

    public required ApiOperation Delete { get; init; }

    public required ApiOperation Content { get; init; }

    public required ApiOperation Events { get; init; }

    public required ApiOperation Cancel { get; init; }

    public required ApiOperation Format { get; init; }

    public required ApiOperation Link { get; init; }

    /// <summary>The descriptions for a kind of job.</summary>
    /// <param name="tag">The group they are listed under.</param>
    /// <param name="noun">The kind's name, with which its events' names begin: <c>video</c>.</param>
    /// <param name="a">The noun with its article: <c>a video</c>.</param>
    /// <param name="main">The name of the main file among the variants.</param>
    /// <param name="resource">The type of a job's resource.</param>
    /// <param name="list">The type of a page's resource.</param>
    public static JobOperations Of(string tag, string noun, string a, string main, Type resource, Type list) => new()
    {
        List = new(tag, $"List {noun}s", new ApiResponse(200, "A page.", list)) { Parameters = JobParameters.Page($"{noun}s"), Errors = [400] },
        Retrieve = new(tag, $"Get {a}", new ApiResponse(200, "The job as it is now.", resource)) { Errors = [404] },
        Delete = new(tag, $"Delete {a} and its files, whether it has ended or not", new ApiResponse(200, "It is deleted.", typeof(DeletedResource))) { Errors = [404] },
        Content = JobParameters.Content(tag, $"Download {a}, or one of its other files") with { Parameters = [JobParameters.Variant(main)] },
        Events = JobParameters.EventStream(tag, noun, a, resource),
        Cancel = new(tag, $"Cancel {a} that has not ended", new ApiResponse(200, "The job; it ends as `failed` with code `cancelled`.", resource)) { Errors = [404, 409] },
        Format = JobActions.FormatOperation(tag, noun, resource),
        Link = JobActions.LinkOperation(tag),
    };
}
