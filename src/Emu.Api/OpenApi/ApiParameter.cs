using System.Text.Json.Nodes;

namespace Emu.Api.OpenApi;

/// <summary>A parameter outside the body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In"><c>query</c> or <c>header</c>.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">Its JSON Schema (2020-12).</param>
public sealed record ApiParameter(string Name, string In, string Description, JsonObject Schema);
