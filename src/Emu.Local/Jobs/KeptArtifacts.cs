using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>What <c>--keep</c> leaves: a folder a stage (<c>keyframe/keyframe.png</c>, <c>upsample.0/frames.mkv</c>), and <c>job.json</c>.</summary>
internal static class KeptArtifacts
{
    /// <summary>Copies every stage's files, replacing those of an earlier run.</summary>
    public static async Task CopyAsync(IArtifactStore store, JobRecord job, string folder, CancellationToken cancellationToken)
    {
        var manifests = await StageList.ReadAsync(store, job.Id, cancellationToken);
        foreach (var manifest in manifests)
        {
            var directory = Directory.CreateDirectory(Path.Combine(folder, manifest.Stage)).FullName;
            foreach (var file in manifest.Files)
            {
                await CopyAsync(store, file.Artifact, Path.Combine(directory, file.Name), cancellationToken);
            }
        }

        await CopyAsync(store, JobNames.Record(job.Id), Path.Combine(folder, "job.json"), cancellationToken);
    }

    private static async Task CopyAsync(IArtifactStore store, string artifact, string path, CancellationToken cancellationToken)
    {
        var source = await store.OpenReadAsync(artifact, cancellationToken);
        await using (source)
        {
            await OutputFiles.CopyAsync(source, path, cancellationToken);
        }
    }
}
