using System.Security.Cryptography;
using System.Text.Json;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>
/// Says that a stage (or a chunk of one) is done: <c>jobs/{id}/{stage}.manifest.json</c>, created only if absent. Only files
/// that a manifest names count; a later attempt adopts them.
/// </summary>
/// <param name="Stage">The stage's name, with its chunk.</param>
/// <param name="InputHash">What it was made from, 64 hexadecimal digits.</param>
/// <param name="Files">The files it wrote.</param>
/// <param name="Chunks">Into how many chunks the next stage is split, if it is.</param>
/// <param name="CompletedAt">When, UTC.</param>
public sealed record StageManifest(string Stage, string InputHash, IReadOnlyList<StageFile> Files, int? Chunks, DateTimeOffset CompletedAt)
{
    /// <summary>The version of this form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>A file by its name, or null.</summary>
    public StageFile? Find(string name) => Files.FirstOrDefault(file => file.Name == name);
}

/// <summary>A file that a stage wrote.</summary>
/// <param name="Name">What it is called among the stage's files: <c>keyframe.png</c>.</param>
/// <param name="Artifact">Its name in the store.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record StageFile(string Name, string Artifact, long Length, string Sha256)
{
    /// <summary>What is in a video or picture for clients; null for other files.</summary>
    public MediaFacts? Media { get; init; }
}

/// <summary>What is in a video or picture, where it may be another than was requested: a target or a limit of bytes reduces it.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Frames">How many frames; 1 for a still.</param>
/// <param name="Seconds">How long it plays; null for a still.</param>
public sealed record MediaFacts(int Width, int Height, int Frames, double? Seconds);

/// <summary>Reads and creates a job's manifests.</summary>
public sealed class StageManifests(IArtifactStore store, string jobId)
{
    /// <summary>The manifest of a stage (with its chunk), or null if the stage is not done.</summary>
    /// <exception cref="ArtifactStoreException">It is damaged, or the store failed.</exception>
    public async Task<StageManifest?> FindAsync(string stage, CancellationToken cancellationToken)
    {
        var name = JobNames.Manifest(jobId, stage);
        return await store.ReadAsync(name, cancellationToken) is { } content ? ArtifactJson.Read<StageManifest>(name, content.Content) : null;
    }

    /// <summary>Creates a manifest unless there is one.</summary>
    /// <returns>The one that counts: the given object, or another attempt's.</returns>
    internal async Task<StageManifest> CreateAsync(StageManifest manifest, CancellationToken cancellationToken)
    {
        var json = ArtifactJson.Write(manifest);
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
