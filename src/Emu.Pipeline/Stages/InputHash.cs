using System.Security.Cryptography;
using System.Text.Json;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>The hash of everything that decides a stage's result.</summary>
internal static class InputHash
{
    public static string Compute(string stage, int? chunks, string fingerprint, JobRequest request, IEnumerable<StageManifest> inputs)
    {
        // What does not decide the result stays out, so that changing it costs no work.
        var decisive = request with { Deadline = null, Metadata = null, WebhookUrl = null, RemixedFrom = null, Upload = null };
        var content = new
        {
            Stage = stage,
            Chunks = chunks,
            Fingerprint = fingerprint,
            Request = decisive,
            Inputs = inputs.SelectMany(manifest => manifest.Files.Select(file => $"{manifest.Stage}/{file.Name} {file.Length} {file.Sha256}")).Order(StringComparer.Ordinal),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, PipelineJson.Options)));
    }
}
