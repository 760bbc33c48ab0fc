using Emu.Api.Requests;
using Microsoft.OpenApi;

namespace Emu.Api.OpenApi;

/// <summary>A route's description in the OpenAPI document.</summary>
/// <param name="Tag">The group it is listed under.</param>
/// <param name="Summary">One line.</param>
/// <param name="Responses">Its responses when it succeeds, by status.</param>
public sealed record ApiOperation(string Tag, string Summary, params ApiResponse[] Responses)
{
    /// <summary>More than the line, in Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>Query parameters and headers; those in the path follow from the template.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The body's fields, or null if there is no body.</summary>
    public RequestSchema? Body { get; init; }

    /// <summary>Whether the body may be multipart as well as JSON.</summary>
    public bool Multipart { get; init; }

    /// <summary>The statuses of the errors to expect, besides 401, 403 and 429.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];
}

/// <summary>A response when a route succeeds.</summary>
/// <param name="StatusCode">Its HTTP status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Body">The type of its JSON body; null for another kind of body, or none.</param>
/// <param name="ContentType">The body's content type; null if there is no body.</param>
public sealed record ApiResponse(int StatusCode, string Description, Type? Body, string? ContentType = "application/json")
{
    /// <summary>A response without a body.</summary>
    public static ApiResponse Empty(int statusCode, string description) => new(statusCode, description, null, null);
}

/// <summary>A parameter outside the body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">The query or a header.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">Its JSON Schema.</param>
public sealed record ApiParameter(string Name, ParameterLocation In, string Description, OpenApiSchema Schema);
