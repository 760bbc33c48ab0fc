using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Jobs;

/// <summary>The stages that a job has done, from their manifests.</summary>
internal static class StageList
{
    private const string Suffix = ".manifest.json";

    /// <summary>Every manifest, in the order in which the stages were done.</summary>
    public static async Task<IReadOnlyList<StageManifest>> ReadAsync(IArtifactStore store, string jobId, CancellationToken cancellationToken)
    {
        var reader = new StageManifests(store, jobId);
        var folder = JobNames.Folder(jobId);
        var manifests = new List<StageManifest>();
        await foreach (var artifact in store.ListAsync(folder, null, cancellationToken))
        {
            if (artifact.Name.EndsWith(Suffix, StringComparison.Ordinal)
                && await reader.FindAsync(artifact.Name[folder.Length..^Suffix.Length], cancellationToken) is { } manifest)
            {
                manifests.Add(manifest);
            }
        }

        return [.. manifests.OrderBy(manifest => manifest.CompletedAt)];
    }
}
