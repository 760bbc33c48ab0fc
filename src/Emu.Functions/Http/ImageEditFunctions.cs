using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Http;

/// <summary>The routes of image edits as OpenAI's clients send them, and of their jobs.</summary>
/// <param name="api">Answers requests.</param>
public sealed class ImageEditFunctions(ApiFunctions api)
{
    /// <summary><c>images.edit</c>.</summary>
    [Function("images_edit")]
    public Task<IResult> EditAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/edits")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.list</c>.</summary>
    [Function("edits_jobs_list")]
    public Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images/edits")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.retrieve</c>.</summary>
    [Function("edits_jobs_retrieve")]
    public Task<IResult> RetrieveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images/edits/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.delete</c>.</summary>
    [Function("edits_jobs_delete")]
    public Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "v1/images/edits/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.content</c>.</summary>
    [Function("edits_jobs_content")]
    public Task<IResult> ContentAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images/edits/{id}/content")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.events</c>.</summary>
    [Function("edits_jobs_events")]
    public Task<IResult> EventsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images/edits/{id}/events")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.cancel</c>.</summary>
    [Function("edits_jobs_cancel")]
    public Task<IResult> CancelAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/edits/{id}/cancel")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.format</c>.</summary>
    [Function("edits_jobs_format")]
    public Task<IResult> FormatAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/edits/{id}/formats")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>edits.jobs.link</c>.</summary>
    [Function("edits_jobs_link")]
    public Task<IResult> LinkAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/edits/{id}/links")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);
}
