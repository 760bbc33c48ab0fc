using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Http;

/// <summary>The routes of edit sessions.</summary>
/// <param name="api">Answers requests.</param>
public sealed class EditFunctions(ApiFunctions api)
{
    /// <summary><c>edits.create</c>.</summary>
    [Function("edits_create")]
    public Task<IResult> CreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/edits")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.list</c>.</summary>
    [Function("edits_list")]
    public Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.tasks</c>.</summary>
    [Function("edits_tasks")]
    public Task<IResult> TasksAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits/tasks")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.retrieve</c>.</summary>
    [Function("edits_retrieve")]
    public Task<IResult> RetrieveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.delete</c>.</summary>
    [Function("edits_delete")]
    public Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "v1/edits/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.undo</c>.</summary>
    [Function("edits_undo")]
    public Task<IResult> UndoAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/edits/{id}/undo")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.instruct</c>.</summary>
    [Function("edits_instruct")]
    public Task<IResult> InstructAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/edits/{id}/versions")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.version</c>.</summary>
    [Function("edits_version")]
    public Task<IResult> VersionAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits/{id}/versions/{version}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.content</c>.</summary>
    [Function("edits_content")]
    public Task<IResult> ContentAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits/{id}/versions/{version}/content")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.mask</c>.</summary>
    [Function("edits_mask")]
    public Task<IResult> MaskAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits/{id}/versions/{version}/mask")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.compare</c>.</summary>
    [Function("edits_compare")]
    public Task<IResult> CompareAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits/{id}/versions/{version}/compare")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.events</c>.</summary>
    [Function("edits_events")]
    public Task<IResult> EventsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/edits/{id}/versions/{version}/events")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);
}
