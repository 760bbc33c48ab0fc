using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Pipeline.Webhooks;
using Microsoft.OpenApi;

namespace Emu.Api.Webhooks;

/// <summary>The webhooks' routes in the OpenAPI document, and the fields of their requests.</summary>
internal static class WebhookOperations
{
    public const int MaximumDescription = 500;

    private const string Tag = "Webhooks";

    public static RequestSchema CreateFields { get; } = new(
        "CreateWebhookEndpoint",
        new RequestField("url", "Where deliveries are posted: an absolute https address.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri", MaxLength = WebhookUrl.MaximumLength }) { Required = true },
        new RequestField("events", "The events to deliver; all of them by default.", new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. WebhookEventTypes.All] },
        }),
        new RequestField("description", "What it is for, in your words.", new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = MaximumDescription }));

    public static ApiOperation Create { get; } = new(Tag, "Add a webhook endpoint", new ApiResponse(201, "The endpoint, with its secret: it is shown now and when it is rotated, not again.", typeof(WebhookEndpointResource)))
    {
        Description = "Deliveries follow [Standard Webhooks](https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp` and `webhook-signature` over `{id}.{timestamp}.{body}`.",
        Body = CreateFields,
        Errors = [400, 409],
    };

    public static ApiOperation List { get; } = new(Tag, "List webhook endpoints", new ApiResponse(200, "The endpoints, oldest first.", typeof(WebhookEndpointListResource)));

    public static ApiOperation Retrieve { get; } = new(Tag, "Get a webhook endpoint", new ApiResponse(200, "The endpoint.", typeof(WebhookEndpointResource))) { Errors = [404] };

    public static ApiOperation Rotate { get; } = new(Tag, "Replace an endpoint's secret", new ApiResponse(200, "The endpoint with its new secret; the old one still signs as well for 24 hours.", typeof(WebhookEndpointResource))) { Body = RequestSchema.Empty, Errors = [404] };

    public static ApiOperation Deactivate { get; } = new(Tag, "Deactivate an endpoint", new ApiResponse(200, "The endpoint. Its pending deliveries become dead letters.", typeof(WebhookEndpointResource))) { Body = RequestSchema.Empty, Errors = [404] };

    public static ApiOperation Activate { get; } = new(Tag, "Activate an endpoint again", new ApiResponse(200, "The endpoint.", typeof(WebhookEndpointResource))) { Body = RequestSchema.Empty, Errors = [404] };

    public static ApiOperation Deliveries { get; } = new(Tag, "List an endpoint's deliveries", new ApiResponse(200, "A page, newest first.", typeof(WebhookDeliveryListResource)))
    {
        Description = "The id `default` lists deliveries to jobs' own `webhook_url`. Ended deliveries, dead letters included, are kept for 30 days.",
        Parameters =
        [
            new ApiParameter("limit", ParameterLocation.Query, "How many; 20 by default.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "100" }),
            new ApiParameter("after", ParameterLocation.Query, "The last delivery's id of the page before.", new OpenApiSchema { Type = JsonSchemaType.String }),
        ],
        Errors = [400, 404],
    };

    public static ApiOperation Replay { get; } = new(Tag, "Send a delivery again", new ApiResponse(202, "The delivery, pending again, under the same id and with the same body.", typeof(WebhookDeliveryResource))) { Body = RequestSchema.Empty, Errors = [404, 409] };

    public static ApiOperation Secret { get; } = new(Tag, "Get the default secret", new ApiResponse(200, "The secret that signs deliveries to jobs' own webhook_url.", typeof(WebhookSecretResource)));

    public static ApiOperation RotateSecret { get; } = new(Tag, "Replace the default secret", new ApiResponse(200, "The new secret; the old one still signs as well for 24 hours.", typeof(WebhookSecretResource))) { Body = RequestSchema.Empty };
}
