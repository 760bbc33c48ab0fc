using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Jobs;

/// <summary>The files that a job's stages left, from their manifests.</summary>
internal sealed class JobFiles(IArtifactStore store)
{
    private const string Keyframe = "keyframe";

    /// <summary>A stage's file as one that clients can request.</summary>
    public static JobFile Of(StageFile file) => new(VariantOf(file.Name), file.Artifact, MediaTypes.OfName(file.Name), file.Length, file.Sha256) { Media = file.Media };

    /// <summary>The files of a job whose stages are done: the encoded ones and the keyframe; null if nothing is encoded.</summary>
    public async Task<IReadOnlyList<JobFile>?> EncodedAsync(string id, CancellationToken cancellationToken)
    {
        if (await new StageManifests(store, id).FindAsync(StageNames.Encode, cancellationToken) is not { } encoded)
        {
            return null;
        }

        // The first file of a variant counts: an edit has its lossless picture from another stage, unless it was encoded in a size of its own.
        return
        [
            .. encoded.Files.Select(Of).Concat(await OfStageAsync(id, StageNames.Composite, cancellationToken)).DistinctBy(file => file.Variant),
            .. await KeyframeAsync(id, cancellationToken) is { } keyframe ? new[] { keyframe } : [],
        ];
    }

    /// <summary>The artifacts of a video's frames, in order; empty for an image.</summary>
    public async Task<IReadOnlyList<string>> FramesAsync(string id, CancellationToken cancellationToken)
    {
        var manifests = new StageManifests(store, id);
        var chunks = (await manifests.FindAsync(StageNames.Interpolate, cancellationToken))?.Chunks ?? 0;
        var frames = new List<string>();
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            if ((await manifests.FindAsync(StageNames.Chunk(StageNames.Upsample, chunk), cancellationToken))?.Find(StageFiles.FrameVideo) is { } file)
            {
                frames.Add(file.Artifact);
            }
        }

        return frames;
    }

    /// <summary>Finds a file of a job: one of a completed job's, or the keyframe of one that is at work.</summary>
    /// <exception cref="JobConflictException"><c>job_not_completed</c>: the job has not come that far.</exception>
    /// <exception cref="InvalidJobException">The job made no such variant; the message lists those it made.</exception>
    public async Task<JobFile> FindAsync(JobRecord record, string? variant, CancellationToken cancellationToken)
    {
        if (!record.HasEnded && variant == Keyframe)
        {
            return await KeyframeAsync(record.Id, cancellationToken)
                ?? throw new JobConflictException("job_not_completed", $"'{record.Id}' has no keyframe yet.");
        }

        if (record.State != JobState.Completed || record.Files is not { Count: > 0 } files)
        {
            throw new JobConflictException("job_not_completed", $"'{record.Id}' has not completed, so it has no files.");
        }

        return files.FirstOrDefault(file => file.Variant == (variant ?? record.Request.Formats[0]))
            ?? throw new InvalidJobException("variant", "invalid_value", $"'{record.Id}' has no '{variant}'. It has: {string.Join(", ", files.Select(file => file.Variant))}.");
    }

    private async Task<IEnumerable<JobFile>> OfStageAsync(string id, string stage, CancellationToken cancellationToken) =>
        (await new StageManifests(store, id).FindAsync(stage, cancellationToken))?.Files.Select(Of) ?? [];

    private async Task<JobFile?> KeyframeAsync(string id, CancellationToken cancellationToken) =>
        (await new StageManifests(store, id).FindAsync(StageNames.Keyframe, cancellationToken))?.Find(StageFiles.KeyframePicture) is { } file ? Of(file) : null;

    private static string VariantOf(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        return stem is StageFiles.Video or StageFiles.Image ? Path.GetExtension(name).TrimStart('.') : stem;
    }
}
