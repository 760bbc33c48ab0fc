using System.Text.Json.Nodes;

namespace Emu.Api.Requests;

/// <summary>A field that a request's body may hold.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, with its unit, range and default.</param>
/// <param name="Schema">Its JSON Schema (2020-12).</param>
public sealed record RequestField(string Name, string Description, JsonObject Schema)
{
    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it may be a file in a multipart body.</summary>
    public bool File { get; init; }

    /// <summary>A field of a simple type.</summary>
    public static RequestField Of(string name, string type, string description) => new(name, description, new JsonObject { ["type"] = type });
}
