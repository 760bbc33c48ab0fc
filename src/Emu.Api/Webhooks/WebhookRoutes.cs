using Emu.Api.Authentication;
using Emu.Api.Errors;
using Emu.Api.Hosting;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Webhooks;

/// <summary>The routes under <c>/v1/webhook_endpoints</c> and <c>/v1/webhook_secret</c>.</summary>
/// <param name="store">The endpoints, secrets and deliveries.</param>
/// <param name="dispatcher">Starts deliveries.</param>
/// <param name="options">How webhooks are sent.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="address">The server's address as clients see it.</param>
/// <param name="time">The clock.</param>
public sealed class WebhookRoutes(WebhookStore store, WebhookDispatcher dispatcher, WebhookOptions options, RequestReader reader, ServerAddress address, TimeProvider time) : IRouteGroup
{
    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes => new ApiRoute[]
    {
        new("webhook_endpoints.create", "POST", "/v1/webhook_endpoints", CreateAsync, WebhookOperations.Create),
        new("webhook_endpoints.list", "GET", "/v1/webhook_endpoints", ListAsync, WebhookOperations.List),
        new("webhook_endpoints.retrieve", "GET", "/v1/webhook_endpoints/{id}", RetrieveAsync, WebhookOperations.Retrieve),
        new("webhook_endpoints.rotate_secret", "POST", "/v1/webhook_endpoints/{id}/rotate_secret", RotateAsync, WebhookOperations.Rotate),
        new("webhook_endpoints.deactivate", "POST", "/v1/webhook_endpoints/{id}/deactivate", DeactivateAsync, WebhookOperations.Deactivate),
        new("webhook_endpoints.activate", "POST", "/v1/webhook_endpoints/{id}/activate", ActivateAsync, WebhookOperations.Activate),
        new("webhook_endpoints.deliveries", "GET", "/v1/webhook_endpoints/{id}/deliveries", DeliveriesAsync, WebhookOperations.Deliveries),
        new("webhook_endpoints.replay", "POST", "/v1/webhook_endpoints/{id}/deliveries/{delivery_id}/replay", ReplayAsync, WebhookOperations.Replay),
        new("webhook_secret.retrieve", "GET", "/v1/webhook_secret", SecretAsync, WebhookOperations.Secret),
        new("webhook_secret.rotate", "POST", "/v1/webhook_secret/rotate", RotateSecretAsync, WebhookOperations.RotateSecret),
    }.Select(route => route with { IsId = id => id == WebhookTarget.Default || id.StartsWith(WebhookEndpoint.IdPrefix, StringComparison.Ordinal) });

    private async Task<IResult> CreateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, WebhookOperations.CreateFields, ApiRoute.SmallBodyBytes, cancellationToken);
        var owner = Caller.Of(context).Owner;
        var text = fields.Text("url") ?? throw ApiException.Missing("url");
        var url = WebhookUrl.TryParse(text, options.AllowPrivate, out var problem) ?? throw ApiException.InvalidValue("url", problem!);
        var events = ReadEvents(fields);
        var description = fields.Text("description");
        if (description is not null && TextLength.Exceeds(description, WebhookOperations.MaximumDescription))
        {
            throw ApiException.InvalidValue("description", $"'description' has {TextLength.Of(description)} characters: at most {WebhookOperations.MaximumDescription} are accepted.");
        }

        if (await store.ListEndpointsAsync(owner, cancellationToken).CountAsync(cancellationToken) >= options.MaximumEndpoints)
        {
            throw new ApiException(StatusCodes.Status409Conflict, "too_many_endpoints", $"There are {options.MaximumEndpoints} webhook endpoints already, and no more are accepted.");
        }

        var now = time.GetUtcNow();
        var endpoint = new WebhookEndpoint
        {
            Id = WebhookEndpoint.IdPrefix + Guid.CreateVersion7(now).ToString("N"),
            Owner = owner,
            Url = url,
            Events = events,
            Description = description,
            Status = WebhookEndpointStatus.Active,
            CreatedAt = now,
            Secrets = WebhookSigningSecret.First(now),
        };
        await store.CreateEndpointAsync(endpoint, cancellationToken);
        context.Response.Headers.Location = address.PathOf(context.Request, $"/v1/webhook_endpoints/{endpoint.Id}");
        return Results.Json(WebhookEndpointResource.WithSecret(endpoint), ApiJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var endpoints = await store.ListEndpointsAsync(Caller.Of(context).Owner, cancellationToken).Select(WebhookEndpointResource.Of).ToListAsync(cancellationToken);
        return Results.Json(new WebhookEndpointListResource("list", endpoints), ApiJson.Options);
    }

    private async Task<IResult> RetrieveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = Value(context, "id");
        var endpoint = await store.FindEndpointAsync(Caller.Of(context).Owner, id, cancellationToken) ?? throw NoEndpoint(id);
        return Results.Json(WebhookEndpointResource.Of(endpoint), ApiJson.Options);
    }

    private async Task<IResult> RotateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var endpoint = await ChangeAsync(context, found => found with { Secrets = WebhookSigningSecret.Rotate(found.Secrets, time.GetUtcNow()) }, cancellationToken);
        return Results.Json(WebhookEndpointResource.WithSecret(endpoint), ApiJson.Options);
    }

    private async Task<IResult> DeactivateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var endpoint = await ChangeAsync(context, found => found with { Status = WebhookEndpointStatus.Disabled, DisabledReason = "It was deactivated." }, cancellationToken);
        return Results.Json(WebhookEndpointResource.Of(endpoint), ApiJson.Options);
    }

    private async Task<IResult> ActivateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var endpoint = await ChangeAsync(context, found => found with { Status = WebhookEndpointStatus.Active, DisabledReason = null }, cancellationToken);
        return Results.Json(WebhookEndpointResource.Of(endpoint), ApiJson.Options);
    }

    private async Task<IResult> DeliveriesAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, "limit", "after");
        var limit = query.WholeNumber("limit", 1, 100) ?? 20;
        var after = query.Text("after");
        if (after is not null && !WebhookDeliveryId.IsOne(after))
        {
            throw ApiException.InvalidValue("after", $"'{RequestFields.Shorten(after)}' is no delivery's id.");
        }

        var owner = Caller.Of(context).Owner;
        var target = await TargetAsync(context, owner, cancellationToken);
        var page = await store.ListDeliveriesAsync(owner, target, after, cancellationToken).Take(limit + 1).Select(WebhookDeliveryResource.Of).ToListAsync(cancellationToken);
        var hasMore = page.Count > limit;
        var data = hasMore ? page[..limit] : page;
        return Results.Json(new WebhookDeliveryListResource("list", data, data.FirstOrDefault()?.Id, data.LastOrDefault()?.Id, hasMore), ApiJson.Options);
    }

    private async Task<IResult> ReplayAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(context, RequestSchema.Empty, ApiRoute.SmallBodyBytes, cancellationToken);
        var owner = Caller.Of(context).Owner;
        var target = await TargetAsync(context, owner, cancellationToken);
        var id = Value(context, "delivery_id");
        var found = await store.FindDeliveryAsync(owner, target, id, cancellationToken)
            ?? throw ApiException.NotFound($"There is no delivery '{RequestFields.Shorten(id)}'.", "delivery_id");
        if (found.State == WebhookDeliveryState.Pending)
        {
            throw new ApiException(StatusCodes.Status409Conflict, "delivery_pending", "The delivery is still under way; only one that has ended can be replayed.", "delivery_id");
        }

        var replayed = await dispatcher.ReplayAsync(owner, target, id, cancellationToken)
            ?? throw ApiException.NotFound($"There is no delivery '{RequestFields.Shorten(id)}'.", "delivery_id");
        return Results.Json(WebhookDeliveryResource.Of(replayed), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<IResult> SecretAsync(HttpContext context, CancellationToken cancellationToken) =>
        SecretResponse(await store.GetDefaultSecretsAsync(Caller.Of(context).Owner, cancellationToken));

    private async Task<IResult> RotateSecretAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(context, RequestSchema.Empty, ApiRoute.SmallBodyBytes, cancellationToken);
        return SecretResponse(await store.RotateDefaultSecretAsync(Caller.Of(context).Owner, cancellationToken));
    }

    private static IResult SecretResponse(IReadOnlyList<WebhookSigningSecret> secrets) =>
        Results.Json(new WebhookSecretResource("webhook_secret", secrets[0].Secret, secrets[0].CreatedAt.ToUnixTimeSeconds()), ApiJson.Options);

    private static IReadOnlyList<string> ReadEvents(RequestFields fields)
    {
        var events = fields.TextList("events", WebhookEventTypes.All.Count);
        if (events is { Count: 0 })
        {
            throw ApiException.InvalidValue("events", $"'events' is empty: name some of {string.Join(", ", WebhookEventTypes.All)}, or leave it out for all of them.");
        }

        var unknown = events?.FirstOrDefault(type => !WebhookEventTypes.All.Contains(type));
        return unknown is null
            ? events?.Distinct().ToArray() ?? WebhookEventTypes.All
            : throw ApiException.InvalidValue("events", $"There is no event '{RequestFields.Shorten(unknown)}': accepted are {string.Join(", ", WebhookEventTypes.All)}.");
    }

    private static string Value(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";

    private static ApiException NoEndpoint(string id) => ApiException.NotFound($"There is no webhook endpoint '{RequestFields.Shorten(id)}'.", "id");

    private async Task<WebhookEndpoint> ChangeAsync(HttpContext context, Func<WebhookEndpoint, WebhookEndpoint> change, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(context, RequestSchema.Empty, ApiRoute.SmallBodyBytes, cancellationToken);
        var id = Value(context, "id");
        return await store.UpdateEndpointAsync(Caller.Of(context).Owner, id, change, cancellationToken) ?? throw NoEndpoint(id);
    }

    private async Task<string> TargetAsync(HttpContext context, string owner, CancellationToken cancellationToken)
    {
        var id = Value(context, "id");
        return id == WebhookTarget.Default || await store.FindEndpointAsync(owner, id, cancellationToken) is not null ? id : throw NoEndpoint(id);
    }
}
