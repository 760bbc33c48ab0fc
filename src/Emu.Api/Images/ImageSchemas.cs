using System.Text.Json.Nodes;
using Emu.Api.Jobs;
using Emu.Api.Requests;

namespace Emu.Api.Images;

/// <summary>What the bodies of the images' routes may hold.</summary>
internal static class ImageSchemas
{
    /// <summary>The most pictures of one request.</summary>
    public const int MaximumCount = 4;

    public static readonly RequestSchema Generate = new(
        "GenerateImages",
        GenerationFields.Prompt with { Description = "What the picture shall show.", Required = true },
        GenerationFields.Model,
        new RequestField("n", "How many pictures; the second has the next seed, and so on.", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = MaximumCount, ["default"] = 1 }),
        new RequestField("size", "Width and height in pixels, like `512x512`, or `auto`.", GenerationFields.Of("string")),
        new RequestField("response_format", "`b64_json`: the file's bytes in base64. `url`: a link that is good for an hour.", Words("b64_json", "url")),
        new RequestField("output_format", "One of the model's picture formats; its default if left out.", GenerationFields.Of("string")),
        new RequestField("background", "`transparent` is the same as `transparent: true`.", Words("auto", "opaque", "transparent")),
        new RequestField("quality", "Accepted for OpenAI's clients; there is one quality.", Words("auto", "standard")),
        new RequestField("user", "Accepted for OpenAI's clients; not used.", GenerationFields.Of("string")),
        GenerationFields.Seed,
        GenerationFields.Steps,
        GenerationFields.Guidance,
        GenerationFields.NoiseScheduler,
        GenerationFields.Transparent,
        GenerationFields.Deadline,
        GenerationFields.Metadata,
        GenerationFields.WebhookUrl);

    private static JsonObject Words(params string[] words) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => (JsonNode?)word)]), ["default"] = words[0] };
}
