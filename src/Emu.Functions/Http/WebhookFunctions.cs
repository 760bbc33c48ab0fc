using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Http;

/// <summary>The routes of webhooks.</summary>
/// <param name="api">Answers requests.</param>
public sealed class WebhookFunctions(ApiFunctions api)
{
    /// <summary><c>webhook_endpoints.create</c>.</summary>
    [Function("webhook_endpoints_create")]
    public Task<IResult> WebhookEndpointsCreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhook_endpoints")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_endpoints.list</c>.</summary>
    [Function("webhook_endpoints_list")]
    public Task<IResult> WebhookEndpointsListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/webhook_endpoints")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_endpoints.retrieve</c>.</summary>
    [Function("webhook_endpoints_retrieve")]
    public Task<IResult> WebhookEndpointsRetrieveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/webhook_endpoints/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_endpoints.rotate_secret</c>.</summary>
    [Function("webhook_endpoints_rotate_secret")]
    public Task<IResult> WebhookEndpointsRotateSecretAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhook_endpoints/{id}/rotate_secret")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_endpoints.deactivate</c>.</summary>
    [Function("webhook_endpoints_deactivate")]
    public Task<IResult> WebhookEndpointsDeactivateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhook_endpoints/{id}/deactivate")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_endpoints.activate</c>.</summary>
    [Function("webhook_endpoints_activate")]
    public Task<IResult> WebhookEndpointsActivateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhook_endpoints/{id}/activate")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_endpoints.deliveries</c>.</summary>
    [Function("webhook_endpoints_deliveries")]
    public Task<IResult> WebhookEndpointsDeliveriesAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/webhook_endpoints/{id}/deliveries")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_endpoints.replay</c>.</summary>
    [Function("webhook_endpoints_replay")]
    public Task<IResult> WebhookEndpointsReplayAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhook_endpoints/{id}/deliveries/{delivery_id}/replay")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_secret.retrieve</c>.</summary>
    [Function("webhook_secret_retrieve")]
    public Task<IResult> WebhookSecretRetrieveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/webhook_secret")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);

    /// <summary><c>webhook_secret.rotate</c>.</summary>
    [Function("webhook_secret_rotate")]
    public Task<IResult> WebhookSecretRotateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhook_secret/rotate")] HttpRequest request, [DurableClient] DurableTaskClient client) => api.AnswerAsync(request, client);
}
