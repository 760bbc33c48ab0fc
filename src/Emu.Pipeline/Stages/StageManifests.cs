using System.Text.Json;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>Reads and creates a job's manifests.</summary>
public sealed class StageManifests(IArtifactStore store, string jobId)
{
    /// <summary>The manifest of a stage (with its chunk), or null if the stage is not done.</summary>
    public async Task<StageManifest?> FindAsync(string stage, CancellationToken cancellationToken) =>
        await store.ReadAsync(JobNames.Manifest(jobId, stage), cancellationToken) is { } content
            ? JsonSerializer.Deserialize<StageManifest>(content.Content.Span, PipelineJson.Options)
            : null;

    /// <summary>Creates a manifest unless there is one.</summary>
    /// <returns>The one that counts: the given object, or another attempt's.</returns>
    internal async Task<StageManifest> CreateAsync(StageManifest manifest, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, PipelineJson.Options);
        while (true)
        {
            if (await store.CreateAsync(JobNames.Manifest(jobId, manifest.Stage), json, cancellationToken) is not null)
            {
                return manifest;
            }

            if (await FindAsync(manifest.Stage, cancellationToken) is { } other)
            {
                return other;
            }
        }
    }

    /// <summary>Removes an attempt's files.</summary>
    internal async Task DiscardAsync(IEnumerable<StageFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            await store.DeleteAsync(file.Artifact, cancellationToken);
        }
    }
}
