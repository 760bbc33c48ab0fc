using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Http;

/// <summary>The routes of images.</summary>
/// <param name="api">Answers requests.</param>
public sealed class ImageFunctions(ApiFunctions api)
{
    /// <summary><c>images.generate</c>.</summary>
    [Function("images_generate")]
    public Task<IResult> GenerateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/generations")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.list</c>.</summary>
    [Function("images_list")]
    public Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.retrieve</c>.</summary>
    [Function("images_retrieve")]
    public Task<IResult> RetrieveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.delete</c>.</summary>
    [Function("images_delete")]
    public Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "v1/images/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.content</c>.</summary>
    [Function("images_content")]
    public Task<IResult> ContentAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images/{id}/content")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.events</c>.</summary>
    [Function("images_events")]
    public Task<IResult> EventsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/images/{id}/events")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.cancel</c>.</summary>
    [Function("images_cancel")]
    public Task<IResult> CancelAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/{id}/cancel")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.format</c>.</summary>
    [Function("images_format")]
    public Task<IResult> FormatAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/{id}/formats")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>images.link</c>.</summary>
    [Function("images_link")]
    public Task<IResult> LinkAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/images/{id}/links")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);
}
