using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Http;

/// <summary>The routes of models, health and description, and one for everything else: Studio, the documentation page, and paths and methods that are not mapped.</summary>
/// <param name="api">Answers requests.</param>
public sealed class ServiceFunctions(ApiFunctions api)
{
    /// <summary>The function that answers what no other one does. The host tries routes in the order of their functions' names: this one's is the last.</summary>
    public const string Fallback = "without_route";

    /// <summary><c>models.list</c>.</summary>
    [Function("models_list")]
    public Task<IResult> ModelsListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/models")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>models.retrieve</c>.</summary>
    [Function("models_retrieve")]
    public Task<IResult> ModelsRetrieveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/models/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>health.live</c>.</summary>
    [Function("health_live")]
    public Task<IResult> HealthLiveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>health.ready</c>.</summary>
    [Function("health_ready")]
    public Task<IResult> HealthReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>openapi</c>.</summary>
    [Function("openapi")]
    public Task<IResult> OpenapiAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi/v1.json")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary>Everything else.</summary>
    [Function(Fallback)]
    public Task<IResult> FallbackAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);
}
