using Emu.Diffusion.Tensors;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>Latents between stages: safetensors files with one tensor, <c>latents</c>, <c>[frames, channels, height, width]</c>.</summary>
public static class LatentFiles
{
    private const string TensorName = "latents";

    /// <summary>Writes latents as a file of the attempt.</summary>
    public static Task<StageFile> WriteAsync(StageRun run, string file, FloatTensor latents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.WriteAsync(file, (stream, token) => new SafetensorsWriter().Add(TensorName, latents).WriteAsync(stream, token), cancellationToken);
    }

    /// <summary>Reads latents that an earlier stage left.</summary>
    /// <exception cref="ActivityFailedException"><c>missing_input</c>: it did not leave them.</exception>
    /// <exception cref="SafetensorsException">The file is malformed.</exception>
    public static async Task<FloatTensor> ReadAsync(StageRun run, string stage, string file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        await using var stream = await run.OpenInputAsync(stage, file, cancellationToken);
        var tensors = await SafetensorsFile.ReadAsync(stream, cancellationToken: cancellationToken);
        return tensors.GetFloats(TensorName);
    }
}
