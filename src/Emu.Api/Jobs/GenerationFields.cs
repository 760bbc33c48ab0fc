using System.Text.Json.Nodes;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>The fields, beyond OpenAI's, that every generation takes.</summary>
internal static class GenerationFields
{
    public static readonly RequestField Prompt = new("prompt", "What it shall show. Its longest length stands in the model's capabilities.", Of("string"));
    public static readonly RequestField Model = new("model", "A model's id from `/v1/models`; the server's default model if left out.", Of("string"));

    public static readonly RequestField Seed = new("seed", "The same request with the same seed gives the same frames on the same machine. Drawn, and told, if left out.", new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = JobFields.MaximumSeed });
    public static readonly RequestField Steps = new("steps", "Denoising steps; the model's default if left out.", new JsonObject { ["type"] = "integer", ["minimum"] = 1 });
    public static readonly RequestField Guidance = new("guidance", "How strongly the text steers; the model's default if left out.", new JsonObject { ["type"] = "number", ["minimum"] = 0 });
    public static readonly RequestField ImageGuidance = new("image_guidance", "How strongly the picture steers, with models that were trained for it.", new JsonObject { ["type"] = "number", ["minimum"] = 0 });
    public static readonly RequestField NoiseScheduler = new("noise_scheduler", "One of the model's noise schedulers; its own if left out.", Of("string"));
    public static readonly RequestField Transparent = new("transparent", "Keep transparency where the format can.", new JsonObject { ["type"] = "boolean", ["default"] = false });
    public static readonly RequestField Deadline = new("deadline", "When the job is given up if it has not ended: Unix seconds.", Of("integer"));
    public static readonly RequestField WebhookUrl = new("webhook_url", "Where the job's end is told, signed with the owner's default webhook secret, beside the owner's webhook endpoints.", new JsonObject { ["type"] = "string", ["format"] = "uri" });

    public static readonly RequestField Metadata = new(
        "metadata",
        "Notes of your own, told back with the job: at most 16 pairs, names up to 64 characters, values up to 512.",
        new JsonObject { ["type"] = "object", ["maxProperties"] = 16, ["additionalProperties"] = new JsonObject { ["type"] = "string", ["maxLength"] = 512 } });

    public static JsonObject Of(string type) => new() { ["type"] = type };

    public static JsonObject ListOf(string type) => new() { ["type"] = "array", ["items"] = Of(type) };
}
