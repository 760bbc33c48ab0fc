using Emu.Api.Requests;

namespace Emu.Api.OpenApi;

/// <summary>What a route's description says.</summary>
/// <param name="Tag">The group it is listed under.</param>
/// <param name="Summary">One line.</param>
/// <param name="Answers">Its answers when all goes well, by status.</param>
public sealed record ApiOperation(string Tag, string Summary, params ApiAnswer[] Answers)
{
    /// <summary>More than the line, in Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>Query parameters and headers; those in the path follow from the template.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The body's fields, or null if there is no body.</summary>
    public RequestSchema? Body { get; init; }

    /// <summary>Whether the body may be multipart as well as JSON.</summary>
    public bool Multipart { get; init; }

    /// <summary>The statuses of the errors to expect, beside 401, 403 and 429.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];
}
