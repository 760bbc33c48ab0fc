namespace Emu.Api.OpenApi;

/// <summary>One kind of answer.</summary>
/// <param name="StatusCode">Its HTTP status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Body">The type of its JSON body; null for another kind of body, or none.</param>
/// <param name="ContentType">The body's content type; null if there is no body.</param>
public sealed record ApiAnswer(int StatusCode, string Description, Type? Body, string? ContentType = "application/json")
{
    /// <summary>An answer without a body.</summary>
    public static ApiAnswer Empty(int statusCode, string description) => new(statusCode, description, null, null);
}
