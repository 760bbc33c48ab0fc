using System.Text.Json.Nodes;
using Emu.Api.OpenApi;

namespace Emu.Api.Jobs;

/// <summary>Parameters outside bodies that several routes share.</summary>
internal static class JobParameters
{
    public static ApiParameter IdempotencyKey { get; } = new(
        Jobs.IdempotencyKey.Header,
        "header",
        "The same key with the same request gives the first request's job instead of a new one; with another request, 422; while the first is being answered, 409.",
        new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 255 });

    public static ApiParameter Prefer { get; } = new(
        "Prefer",
        "header",
        "`wait=N`: answer when the job has ended, but after N seconds (at most 180) at the latest.",
        new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("wait=60") });

    public static ApiParameter Variant(string main) => new(
        "variant",
        "query",
        $"`{main}` (the default), `thumbnail`, `spritesheet`, `keyframe`, or a format that was asked for. The job's `variants` lists what there is.",
        new JsonObject { ["type"] = "string", ["default"] = main });
}
