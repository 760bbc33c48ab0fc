using Emu.Local.CommandLine;
using Emu.Media.Files;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Jobs;

/// <summary>The stages that a job has done, from their manifests.</summary>
internal static class StageList
{
    /// <summary>Every manifest, in the order in which the stages were done.</summary>
    public static async Task<IReadOnlyList<StageManifest>> ReadAsync(IArtifactStore store, string jobId, CancellationToken cancellationToken)
    {
        var reader = new StageManifests(store, jobId);
        var manifests = new List<StageManifest>();
        await foreach (var artifact in store.ListAsync(JobNames.Folder(jobId), null, cancellationToken))
        {
            if (JobNames.StageOfManifest(jobId, artifact.Name) is { } stage && await reader.FindAsync(stage, cancellationToken) is { } manifest)
            {
                manifests.Add(manifest);
            }
        }

        return [.. manifests.OrderBy(manifest => manifest.CompletedAt)];
    }
}

/// <summary>How long each stage took, from when the one before was done to when it was done itself; chunks count together.</summary>
internal static class StageSeconds
{
    /// <summary>Reads the stages' times.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="job">The finished job.</param>
    /// <param name="setUp">How long it took until the job was taken: the package read and checked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Dictionary<string, double>> ReadAsync(IArtifactStore store, JobRecord job, TimeSpan setUp, CancellationToken cancellationToken)
    {
        var seconds = new Dictionary<string, double> { ["setup"] = Math.Round(setUp.TotalSeconds, 3) };
        var before = job.CreatedAt;
        foreach (var manifest in await StageList.ReadAsync(store, job.Id, cancellationToken))
        {
            var stage = manifest.Stage.Split('.')[0];
            seconds[stage] = Math.Round(seconds.GetValueOrDefault(stage) + (manifest.CompletedAt - before).TotalSeconds, 3);
            before = manifest.CompletedAt;
        }

        return seconds;
    }
}

/// <summary>The files that <c>--keep</c> leaves: a folder for each stage (<c>keyframe/keyframe.png</c>, <c>upsample.0/frames.mkv</c>), and <c>job.json</c>.</summary>
internal static class KeptArtifacts
{
    /// <summary>Tries whether the folder, or the one that it will be made in, can be written.</summary>
    /// <exception cref="CommandFailedException">It cannot.</exception>
    public static void Probe(string folder)
    {
        try
        {
            var existing = folder;
            while (!Path.Exists(existing))
            {
                existing = Path.GetDirectoryName(existing)!;
            }

            using var temporary = Directory.Exists(existing) ? TemporaryFile.In(existing) : throw new IOException($"'{existing}' is a file");
            File.WriteAllBytes(temporary.Path, []);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(Describe(folder, exception), exception);
        }
    }

    /// <summary>Copies every stage's files, replacing those of an earlier run.</summary>
    /// <returns>Why that could not be done; null if it was.</returns>
    public static async Task<string?> TryCopyAsync(IArtifactStore store, JobRecord job, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await CopyAsync(store, job, folder, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Describe(folder, exception);
        }
    }

    private static string Describe(string folder, Exception exception) => $"--keep '{folder}' cannot be written: {OutputFiles.ReasonOf(exception)}.";

    private static async Task CopyAsync(IArtifactStore store, JobRecord job, string folder, CancellationToken cancellationToken)
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
        await using var source = await store.OpenReadAsync(artifact, cancellationToken);
        await OutputFiles.CopyAsync(source, path, replace: true, cancellationToken);
    }
}
