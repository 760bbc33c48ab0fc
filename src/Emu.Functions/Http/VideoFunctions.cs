using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Http;

/// <summary>The routes of videos.</summary>
/// <param name="api">Answers requests.</param>
public sealed class VideoFunctions(ApiFunctions api)
{
    /// <summary><c>videos.create</c>.</summary>
    [Function("videos_create")]
    public Task<IResult> CreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/videos")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.list</c>.</summary>
    [Function("videos_list")]
    public Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/videos")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.retrieve</c>.</summary>
    [Function("videos_retrieve")]
    public Task<IResult> RetrieveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/videos/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.delete</c>.</summary>
    [Function("videos_delete")]
    public Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "v1/videos/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.content</c>.</summary>
    [Function("videos_content")]
    public Task<IResult> ContentAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/videos/{id}/content")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.events</c>.</summary>
    [Function("videos_events")]
    public Task<IResult> EventsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/videos/{id}/events")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.cancel</c>.</summary>
    [Function("videos_cancel")]
    public Task<IResult> CancelAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/videos/{id}/cancel")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.remix</c>.</summary>
    [Function("videos_remix")]
    public Task<IResult> RemixAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/videos/{id}/remix")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.format</c>.</summary>
    [Function("videos_format")]
    public Task<IResult> FormatAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/videos/{id}/formats")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>videos.link</c>.</summary>
    [Function("videos_link")]
    public Task<IResult> LinkAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/videos/{id}/links")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);
}
