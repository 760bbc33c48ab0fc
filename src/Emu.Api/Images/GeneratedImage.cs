using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Emu.Api.Images;

/// <summary>One picture of an answer.</summary>
/// <param name="B64Json">The file's bytes in base64, if they were asked for.</param>
/// <param name="Url">A link to the file, if one was asked for.</param>
/// <param name="Id">The job that made it.</param>
/// <param name="Seed">Its seed.</param>
public sealed record GeneratedImage(
    [property: JsonPropertyName("b64_json"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The file's bytes in base64.")] string? B64Json,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("A link that is good for an hour.")] string? Url,
    string Id,
    long Seed);
