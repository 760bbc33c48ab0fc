using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Pipeline;

/// <summary>How the pipeline's records are written: as the payloads of the durable engines.</summary>
public static class PipelineJson
{
    /// <summary>The shared, read-only options.</summary>
    public static JsonSerializerOptions Options => DurableJson.Options;
}
