using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Emu.Api.Errors;
using Emu.Api.Requests;
using Emu.Api.Routing;

namespace Emu.Api.OpenApi;

/// <summary>Writes the OpenAPI 3.1 description of a route table.</summary>
public sealed partial class OpenApiDocument
{
    private readonly JsonObject _schemas = [];

    private OpenApiDocument()
    {
    }

    /// <summary>Describes the routes.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="serverUrl">Where the API is: scheme and host.</param>
    public static JsonObject Create(IEnumerable<ApiRoute> routes, string serverUrl)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var document = new OpenApiDocument();
        var paths = new JsonObject();
        foreach (var group in routes.GroupBy(route => route.Template))
        {
            paths[group.Key] = new JsonObject(group.Select(route => KeyValuePair.Create(route.Method.ToLowerInvariant(), (JsonNode?)document.Operation(route))));
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "EmuFunctions",
                ["version"] = typeof(OpenApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
                ["description"] = "Short videos and pictures from sentences and pictures, in the shape of OpenAI's Videos and Images APIs and beyond it.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = serverUrl }),
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = document._schemas,
                ["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A key made with `emu keys create`. A server without keys takes any." } },
            },
        };
    }

    private JsonObject Operation(ApiRoute route)
    {
        var description = route.Operation;
        var operation = new JsonObject
        {
            ["operationId"] = route.Name,
            ["tags"] = new JsonArray(description.Tag),
            ["summary"] = description.Summary,
        };
        if (description.Description is { } text)
        {
            operation["description"] = text;
        }

        if (route.Access == ApiAccess.Anonymous)
        {
            operation["security"] = new JsonArray();
        }

        var parameters = PathParameter().Matches(route.Template)
            .Select(match => Parameter(match.Groups[1].Value, "path", "The id.", new JsonObject { ["type"] = "string" }, required: true))
            .Concat(description.Parameters.Select(parameter => Parameter(parameter.Name, parameter.In, parameter.Description, parameter.Schema.DeepClone(), required: false)))
            .ToArray<JsonNode?>();
        if (parameters.Length > 0)
        {
            operation["parameters"] = new JsonArray(parameters);
        }

        if (description.Body is { } body)
        {
            operation["requestBody"] = Body(body, description.Multipart);
        }

        operation["responses"] = Responses(route);
        return operation;
    }

    private JsonObject Body(RequestSchema body, bool multipart)
    {
        _schemas.TryAdd(body.Name, BodySchema(body, multipart: false));
        var content = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(body.Name) } };
        if (multipart)
        {
            _schemas.TryAdd(body.Name + "Form", BodySchema(body, multipart: true));
            content["multipart/form-data"] = new JsonObject { ["schema"] = Reference(body.Name + "Form") };
        }

        return new JsonObject { ["required"] = body.Fields.Any(field => field.Required), ["content"] = content };
    }

    private static JsonObject BodySchema(RequestSchema body, bool multipart)
    {
        var properties = new JsonObject();
        foreach (var field in body.Fields)
        {
            var schema = multipart && field.File ? new JsonObject { ["type"] = "string", ["contentMediaType"] = "application/octet-stream" } : field.Schema.DeepClone().AsObject();
            schema["description"] = field.Description;
            properties[field.Name] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        var required = body.Fields.Where(field => field.Required).Select(field => (JsonNode?)field.Name).ToArray();
        if (required.Length > 0)
        {
            result["required"] = new JsonArray(required);
        }

        return result;
    }

    private JsonObject Responses(ApiRoute route)
    {
        var responses = new JsonObject();
        foreach (var answer in route.Operation.Answers)
        {
            var response = new JsonObject { ["description"] = answer.Description };
            if (answer.ContentType is { } contentType)
            {
                response["content"] = new JsonObject { [contentType] = answer.Body is { } type ? new JsonObject { ["schema"] = SchemaOf(type) } : new JsonObject() };
            }

            responses[answer.StatusCode.ToString(CultureInfo.InvariantCulture)] = response;
        }

        int[] always = route.Access == ApiAccess.Anonymous ? [] : [401, 403, 429];
        foreach (var status in route.Operation.Errors.Concat(always).Distinct().Order())
        {
            responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new JsonObject
            {
                ["description"] = ReasonOf(status),
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = SchemaOf(typeof(ApiErrorBody)) } },
            });
        }

        return responses;
    }

    private JsonObject SchemaOf(Type type)
    {
        var name = JsonSchemas.NameOf(type);
        if (!_schemas.ContainsKey(name))
        {
            _schemas[name] = JsonSchemas.Of(type);
        }

        return Reference(name);
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static JsonObject Parameter(string name, string place, string description, JsonNode schema, bool required) =>
        new() { ["name"] = name, ["in"] = place, ["description"] = description, ["required"] = required, ["schema"] = schema };

    private static string ReasonOf(int status) => status switch
    {
        400 => "The request is wrong: `param` and `code` say where and how.",
        401 => "No key, or one that is not good.",
        403 => "Not allowed: another site's page, a wrong host name, or a link that is not good.",
        404 => "There is nothing of that id.",
        409 => "Not in the state that this needs, or the first request with this idempotency key is still being answered.",
        413 => "Too long.",
        415 => "A kind of body that is not read here.",
        422 => "The idempotency key was used with another request.",
        429 => "Too many requests, or too many jobs in flight: `Retry-After` says when to come back.",
        503 => "The server cannot take this now: `Retry-After` says when to come back.",
        504 => "Not done in time; the work goes on where `Location` says.",
        _ => "An error.",
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
