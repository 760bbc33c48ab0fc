using System.Globalization;
using System.Runtime.CompilerServices;
using Emu.Api.Authentication;
using Emu.Api.Errors;
using Emu.Api.Hosting;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Edits;

/// <summary>The routes under <c>/v1/edits</c>: sessions of a picture and its versions.</summary>
/// <param name="sessions">The sessions.</param>
/// <param name="bodies">Reads requests.</param>
/// <param name="reader">Reads bodies without pictures.</param>
/// <param name="actions">Waits for jobs and follows them.</param>
/// <param name="responses">Responds with files.</param>
/// <param name="address">The server's address as clients see it.</param>
/// <param name="limits">Limits of a request.</param>
/// <param name="checks">Knows what can be done to a picture; null where nothing can.</param>
public sealed class EditSessionRoutes(
    EditSessions sessions, EditBodies bodies, RequestReader reader, JobActions actions, JobResponses responses, ServerAddress address, ApiLimits limits, IEditChecks? checks = null) : IRouteGroup
{
    private const string Path = "/v1/edits";
    private const string VersionPath = Path + "/{id}/versions/{version}";

    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes => new ApiRoute[]
    {
        new("edits.create", "POST", Path, CreateAsync, EditOperations.Create),
        new("edits.list", "GET", Path, ListAsync, EditOperations.List),
        new("edits.tasks", "GET", Path + "/tasks", TasksAsync, EditOperations.Tasks),
        new("edits.retrieve", "GET", Path + "/{id}", RetrieveAsync, EditOperations.Retrieve),
        new("edits.delete", "DELETE", Path + "/{id}", DeleteAsync, EditOperations.Delete),
        new("edits.undo", "POST", Path + "/{id}/undo", UndoAsync, EditOperations.Undo),
        new("edits.instruct", "POST", Path + "/{id}/versions", InstructAsync, EditOperations.Instruct),
        new("edits.version", "GET", VersionPath, VersionAsync, EditOperations.Version),
        new("edits.content", "GET", VersionPath + "/content", (context, token) => FileAsync(context, context.Request.Query["variant"], token), EditOperations.Content),
        new("edits.mask", "GET", VersionPath + "/mask", MaskAsync, EditOperations.Mask),
        new("edits.compare", "GET", VersionPath + "/compare", (context, token) => FileAsync(context, "compare", token), EditOperations.Compare),
        new("edits.events", "GET", VersionPath + "/events", EventsAsync, EditOperations.Events),
    }.Select(route => route with { IsId = EditSessionId.IsValid });

    private CreateOptions OptionsOf(HttpContext context) => new() { IdempotencyKey = IdempotencyKey.Read(context.Request), MaximumInFlight = limits.JobsInFlight };

    private static string OwnerOf(HttpContext context) => Caller.Of(context).Owner;

    private static string IdOf(HttpContext context)
    {
        var text = context.Request.RouteValues["id"] as string ?? "";
        return EditSessionId.IsValid(text) ? text : throw new EditSessionNotFoundException(text);
    }

    private async Task<IResult> CreateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await bodies.ReadAsync(context, EditOperations.SessionFields, cancellationToken);
        var draft = JobFields.Read(JobKind.Edit, fields) with { Prompt = EditBodies.ReadInstructions(fields) };
        var pictures = await bodies.ReadPicturesAsync(fields, withImage: true, cancellationToken);
        if (draft.Prompt.Length == 0 && (pictures.Mask ?? pictures.Background) is not null)
        {
            throw ApiException.Missing("instruction");
        }

        var (session, isReplay) = await TryAsync(() => sessions.CreateAsync(OwnerOf(context), draft, pictures, OptionsOf(context), cancellationToken));
        var headers = context.Response.Headers;
        if (isReplay)
        {
            headers[ApiHeaders.IdempotentReplayed] = "true";
        }

        headers.Location = address.PathOf(context.Request, $"{Path}/{session.Session.Id}");
        if (session.Versions[^1].Job is { Record.HasEnded: false } job)
        {
            await actions.WaitAsync(context, job, cancellationToken);
            session = await sessions.GetAsync(OwnerOf(context), session.Session.Id, cancellationToken);
        }

        var isAtWork = session.Versions.Any(version => version.Status is JobStatus.Queued or JobStatus.InProgress);
        return Results.Json(EditSessionResource.Of(session), ApiJson.Options, statusCode: isAtWork ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private async Task<IResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, "limit", "after");
        var limit = query.WholeNumber("limit", 1, JobQuery.MaximumLimit) ?? 20;
        var (page, hasMore) = await sessions.ListAsync(OwnerOf(context), limit, query.Text("after"), cancellationToken);
        return Results.Json(
            new EditSessionListResource("list", [.. page.Select(EditSessionResource.Of)], page.Count > 0 ? page[0].Session.Id : null, page.Count > 0 ? page[^1].Session.Id : null, hasMore),
            ApiJson.Options);
    }

    private Task<IResult> TasksAsync(HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Results.Json(new EditTaskListResource("list", [.. (checks?.Offers ?? []).GroupBy(offer => offer.Task).Select(EditTaskResource.Of)]), ApiJson.Options));

    private async Task<IResult> RetrieveAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(EditSessionResource.Of(await sessions.GetAsync(OwnerOf(context), IdOf(context), cancellationToken)), ApiJson.Options);

    private async Task<IResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = IdOf(context);
        await sessions.DeleteAsync(OwnerOf(context), id, cancellationToken);
        return Results.Json(new DeletedResource(id, "edit.session.deleted"), ApiJson.Options);
    }

    private async Task<IResult> UndoAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(context, RequestSchema.Empty, ApiRoute.SmallBodyBytes, cancellationToken);
        return Results.Json(EditSessionResource.Of(await sessions.UndoAsync(OwnerOf(context), IdOf(context), cancellationToken)), ApiJson.Options);
    }

    private async Task<IResult> InstructAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (owner, id) = (OwnerOf(context), IdOf(context));
        var fields = await bodies.ReadAsync(context, EditOperations.VersionFields, cancellationToken);
        var draft = JobFields.Read(JobKind.Edit, fields) with { Prompt = EditBodies.ReadInstructions(fields) };
        var from = (int?)fields.WholeNumber("from", 1, int.MaxValue);
        var pictures = await bodies.ReadPicturesAsync(fields, withImage: false, cancellationToken);
        var (version, isReplay) = await TryAsync(() => sessions.AddAsync(owner, id, draft, pictures, from, OptionsOf(context), cancellationToken));
        if (isReplay)
        {
            context.Response.Headers[ApiHeaders.IdempotentReplayed] = "true";
        }

        context.Response.Headers.Location = address.PathOf(context.Request, string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}/versions/{version.Number}"));
        version = version.Job is { } job ? version with { Job = await actions.WaitAsync(context, job, cancellationToken) } : version;
        var hasEnded = version.Status is JobStatus.Completed or JobStatus.Failed;
        return Results.Json(EditVersionResource.Of(version), ApiJson.Options, statusCode: hasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private async Task<IResult> VersionAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(EditVersionResource.Of(await FindAsync(context, cancellationToken)), ApiJson.Options);

    private async Task<IResult> MaskAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var variant = new QueryReader(context.Request, "of").Word("of", "changed", "subject") == "subject" ? "subject" : "mask";
        try
        {
            return await FileAsync(context, variant, cancellationToken);
        }
        catch (InvalidJobException exception) when (exception.Parameter == "variant")
        {
            throw ApiException.NotFound(variant == "mask" ? "The version has no mask: every pixel may differ." : "The version has no mask of a subject: none was looked for.", "of");
        }
    }

    private async Task<IResult> FileAsync(HttpContext context, string? variant, CancellationToken cancellationToken)
    {
        var version = await FindAsync(context, cancellationToken);
        var file = await sessions.FindFileAsync(OwnerOf(context), version, string.IsNullOrEmpty(variant) ? null : variant, cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"{version.Session.Id}-v{version.Number}");
        return await responses.FileAsync(context, name, file, version.Job?.Record.EndedAt ?? version.Session.CreatedAt, cancellationToken);
    }

    private async Task<IResult> EventsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var version = await FindAsync(context, cancellationToken);
        return version.Job is { } job
            ? actions.Events(context, job, state => EditVersionResource.Of(version with { Job = state }))
            : actions.Events(context, EndedAsync(version, CancellationToken.None));
    }

    private static async IAsyncEnumerable<ServerSentEvent> EndedAsync(EditVersionSnapshot version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask;
        yield return new ServerSentEvent(version.Version is null ? "edit.completed" : "edit.deleted", JobEvents.EndId, EditVersionResource.Of(version));
    }

    private async Task<EditVersionSnapshot> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = IdOf(context);
        return int.TryParse(context.Request.RouteValues["version"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? await sessions.GetVersionAsync(OwnerOf(context), id, number, cancellationToken)
            : throw ApiException.NotFound("A version is named by its number, from 1.", "version");
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (InvalidJobException exception)
        {
            throw EditBodies.Renamed(exception);
        }
    }
}
