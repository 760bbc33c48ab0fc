using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Emu.Api.Errors;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Microsoft.OpenApi;

namespace Emu.Api.OpenApi;

/// <summary>Builds the OpenAPI document of a route table.</summary>
public sealed partial class ApiDocument
{
    private const string SecurityScheme = "key";

    private readonly OpenApiDocument _document;

    private ApiDocument(string serverUrl)
    {
        _document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "EmuFunctions",
                Version = typeof(ApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
                Description = "Short videos and pictures from sentences and pictures, in the shape of OpenAI's Videos and Images APIs and beyond it.",
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            },
            Servers = [new OpenApiServer { Url = serverUrl }],
            Paths = [],
            Components = new OpenApiComponents(),
            Tags = new HashSet<OpenApiTag>(),
        };
        _document.AddComponent(SecurityScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key made with `emu keys create`. A server without keys takes any.",
        });
        _document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityScheme, _document)] = [] }];
    }

    /// <summary>Describes the routes.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="serverUrl">The API's address: scheme and host.</param>
    public static OpenApiDocument Create(IEnumerable<ApiRoute> routes, string serverUrl)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var created = new ApiDocument(serverUrl);
        foreach (var group in routes.GroupBy(route => route.Template))
        {
            var path = new OpenApiPathItem();
            foreach (var route in group)
            {
                path.AddOperation(HttpMethod.Parse(route.Method), created.Operation(route));
            }

            created._document.Paths[group.Key] = path;
        }

        return created._document;
    }

    private OpenApiOperation Operation(ApiRoute route)
    {
        var description = route.Operation;
        _document.Tags!.Add(new OpenApiTag { Name = description.Tag });
        IOpenApiParameter[] parameters =
        [
            .. PathParameter().Matches(route.Template).Select(match => Parameter(match.Groups[1].Value, ParameterLocation.Path, match.Groups[1].Value == "version" ? "The number, from 1." : "The id.", new OpenApiSchema { Type = JsonSchemaType.String })),
            .. description.Parameters.Select(parameter => Parameter(parameter.Name, parameter.In, parameter.Description, parameter.Schema)),
        ];
        return new OpenApiOperation
        {
            OperationId = route.Name,
            Tags = new HashSet<OpenApiTagReference> { new(description.Tag, _document) },
            Summary = description.Summary,
            Description = description.Description,
            Security = route.Access == ApiAccess.Anonymous ? [] : null,
            Parameters = parameters.Length > 0 ? parameters : null,
            RequestBody = description.Body is { } body ? Body(body, description.Multipart) : null,
            Responses = Responses(route),
        };
    }

    private OpenApiRequestBody Body(RequestSchema body, bool multipart)
    {
        var content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = Content(body.Name, () => BodySchema(body, multipart: false)) };
        if (multipart)
        {
            content["multipart/form-data"] = Content(body.Name + "Form", () => BodySchema(body, multipart: true));
        }

        return new OpenApiRequestBody { Required = body.Fields.Any(field => field.Required), Content = content };
    }

    private static OpenApiSchema BodySchema(RequestSchema body, bool multipart)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        foreach (var field in body.Fields)
        {
            var schema = multipart && field.File ? new OpenApiSchema { Type = JsonSchemaType.String, ContentMediaType = "application/octet-stream" } : (OpenApiSchema)field.Schema.CreateShallowCopy();
            schema.Description = field.Description;
            properties[field.Name] = schema;
        }

        var required = body.Fields.Where(field => field.Required).Select(field => field.Name).ToHashSet();
        return new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties, AdditionalPropertiesAllowed = false, Required = required.Count > 0 ? required : null };
    }

    private OpenApiResponses Responses(ApiRoute route)
    {
        var responses = new OpenApiResponses();
        foreach (var response in route.Operation.Responses)
        {
            responses[Status(response.StatusCode)] = new OpenApiResponse
            {
                Description = response.Description,
                Content = response.ContentType is { } contentType
                    ? new Dictionary<string, OpenApiMediaType> { [contentType] = response.Body is { } type ? Content(type) : new OpenApiMediaType() }
                    : null,
            };
        }

        int[] always = route.Access == ApiAccess.Anonymous ? [] : [401, 403, 429];
        foreach (var status in route.Operation.Errors.Concat(always).Distinct().Order())
        {
            responses.TryAdd(Status(status), new OpenApiResponse
            {
                Description = ReasonOf(status),
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = Content(typeof(ApiErrorBody)) },
            });
        }

        return responses;
    }

    private OpenApiMediaType Content(Type type) => Content(ResponseSchemas.NameOf(type), () => ResponseSchemas.Of(type, _document));

    private OpenApiMediaType Content(string name, Func<OpenApiSchema> schema)
    {
        if (_document.Components!.Schemas?.ContainsKey(name) != true)
        {
            _document.AddComponent(name, schema());
        }

        return new OpenApiMediaType { Schema = new OpenApiSchemaReference(name, _document) };
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string description, OpenApiSchema schema) =>
        new() { Name = name, In = place, Description = description, Required = place == ParameterLocation.Path, Schema = schema };

    private static string Status(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string ReasonOf(int status) => status switch
    {
        400 => "The request is wrong: `param` and `code` say where and how.",
        401 => "No key, or one that is not valid.",
        403 => "Not allowed: another site's page, a wrong host name, or a link that is not valid.",
        404 => "There is nothing of that id.",
        409 => "Not in the state that this needs, or the first request with this idempotency key is still being processed.",
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
