using System.Text.Json.Nodes;
using Emu.Api.Jobs;
using Emu.Api.Requests;

namespace Emu.Api.Videos;

/// <summary>What the bodies of the videos' routes may hold.</summary>
internal static class VideoSchemas
{
    public static readonly RequestSchema Create = new(
        "CreateVideo",
        GenerationFields.Prompt with { Description = "What the video shall show. Required unless `input_reference` is given." },
        new RequestField(
            "input_reference",
            "The picture that the video begins from: a file in a multipart form, or a data URL. Web addresses and `file_id` are refused.",
            new JsonObject
            {
                ["oneOf"] = new JsonArray(
                    new JsonObject { ["type"] = "string", ["pattern"] = "^data:" },
                    new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["image_url"] = new JsonObject { ["type"] = "string", ["pattern"] = "^data:" } }, ["required"] = new JsonArray("image_url") }),
            })
        {
            File = true,
        },
        GenerationFields.Model,
        new RequestField("seconds", "The video's length in seconds, as a string or a number; one that the model makes.", new JsonObject { ["type"] = new JsonArray("string", "number") }),
        new RequestField("size", "Width and height in pixels, like `512x512`; one that the model makes.", GenerationFields.Of("string")),
        new RequestField("formats", "What to make beside thumbnail and spritesheet: `mp4`, `webm`, `gif`, `webp`, `apng`. The first is the video that `content` gives.", GenerationFields.ListOf("string")),
        GenerationFields.Seed,
        GenerationFields.Steps,
        GenerationFields.Guidance,
        GenerationFields.ImageGuidance,
        GenerationFields.NoiseScheduler,
        GenerationFields.Transparent,
        GenerationFields.Deadline,
        GenerationFields.Metadata,
        GenerationFields.WebhookUrl);

    public static readonly RequestSchema Remix = new(
        "RemixVideo",
        GenerationFields.Prompt with { Description = "What the new video shall show.", Required = true });

    public static readonly RequestSchema Link = new(
        "CreateLink",
        new RequestField("variant", "Which file; the video itself if left out.", GenerationFields.Of("string")),
        new RequestField("expires_in", "For how many seconds the link is good: 60 to 604800.", new JsonObject { ["type"] = "integer", ["minimum"] = 60, ["maximum"] = 604800, ["default"] = 3600 }));

    public static readonly RequestSchema Nothing = new("Nothing");
}
