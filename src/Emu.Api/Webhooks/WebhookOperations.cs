using System.Text.Json.Nodes;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Pipeline.Webhooks;

namespace Emu.Api.Webhooks;

/// <summary>What the webhook routes' description says.</summary>
internal static class WebhookOperations
{
    public const int MaximumDescription = 500;

    private const string Tag = "Webhooks";

    public static RequestSchema CreateSchema { get; } = new(
        "CreateWebhookEndpoint",
        new RequestField("url", "Where deliveries are posted: an absolute https address.", new JsonObject { ["type"] = "string", ["format"] = "uri", ["maxLength"] = WebhookUrl.MaximumLength }) { Required = true },
        new RequestField("events", "The events to hear of; all of them by default.", new JsonObject
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. WebhookEventTypes.All.Select(type => JsonValue.Create(type))]) },
        }),
        new RequestField("description", "What it is for, in your words.", new JsonObject { ["type"] = "string", ["maxLength"] = MaximumDescription }));

    public static RequestSchema NoFields { get; } = new("Empty");

    public static ApiOperation Create { get; } = new(Tag, "Add a webhook endpoint", new ApiAnswer(201, "The endpoint, with its secret: it is shown now and when it is rotated, not again.", typeof(WebhookEndpointResource)))
    {
        Description = "Deliveries follow [Standard Webhooks](https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp` and `webhook-signature` over `{id}.{timestamp}.{body}`.",
        Body = CreateSchema,
        Errors = [400, 409],
    };

    public static ApiOperation List { get; } = new(Tag, "List webhook endpoints", new ApiAnswer(200, "The endpoints, oldest first.", typeof(WebhookEndpointListResource)));

    public static ApiOperation Retrieve { get; } = new(Tag, "Look at a webhook endpoint", new ApiAnswer(200, "The endpoint.", typeof(WebhookEndpointResource))) { Errors = [404] };

    public static ApiOperation Rotate { get; } = new(Tag, "Replace an endpoint's secret", new ApiAnswer(200, "The endpoint with its new secret; the old one signs beside it for 24 hours.", typeof(WebhookEndpointResource))) { Body = NoFields, Errors = [404] };

    public static ApiOperation Deactivate { get; } = new(Tag, "Switch an endpoint off", new ApiAnswer(200, "The endpoint. What was on its way to it becomes a dead letter.", typeof(WebhookEndpointResource))) { Body = NoFields, Errors = [404] };

    public static ApiOperation Activate { get; } = new(Tag, "Switch an endpoint on again", new ApiAnswer(200, "The endpoint.", typeof(WebhookEndpointResource))) { Body = NoFields, Errors = [404] };

    public static ApiOperation Deliveries { get; } = new(Tag, "List an endpoint's deliveries", new ApiAnswer(200, "A page, newest first.", typeof(WebhookDeliveryListResource)))
    {
        Description = "The id `default` lists deliveries to jobs' own `webhook_url`. Ended deliveries, dead letters included, are kept for 30 days.",
        Parameters =
        [
            new ApiParameter("limit", "query", "How many; 20 by default.", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 100 }),
            new ApiParameter("after", "query", "The last delivery's id of the page before.", new JsonObject { ["type"] = "string" }),
        ],
        Errors = [400, 404],
    };

    public static ApiOperation Replay { get; } = new(Tag, "Send a delivery again", new ApiAnswer(202, "The delivery, pending again, under the same id and with the same body.", typeof(WebhookDeliveryResource))) { Body = NoFields, Errors = [404, 409] };

    public static ApiOperation Secret { get; } = new(Tag, "Look at the default secret", new ApiAnswer(200, "The secret that signs deliveries to jobs' own webhook_url.", typeof(WebhookSecretResource)));

    public static ApiOperation RotateSecret { get; } = new(Tag, "Replace the default secret", new ApiAnswer(200, "The new secret; the old one signs beside it for 24 hours.", typeof(WebhookSecretResource))) { Body = NoFields };
}
