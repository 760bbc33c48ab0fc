using System.Text.Json;
using Azure;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>
/// Copies a job's files into the outputs as <c>{picture's name}.mp4</c> and so on, then <c>{picture's name}.json</c>: whoever
/// waits for that one finds the others complete. Running it again writes the same.
/// </summary>
public sealed class UploadResultActivity(IArtifactStore store, IReadOnlyList<UploadRoute> routes) : IActivity
{
    /// <summary>The name the orchestration calls it by.</summary>
    public const string ActivityName = "upload.result";

    private readonly JobRecords _records = new(store);

    /// <inheritdoc/>
    public string Name => ActivityName;

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var id = invocation.Input.GetString()!;
        try
        {
            var written = await WriteAsync(id, cancellationToken);
            return JsonSerializer.SerializeToElement(written, PipelineJson.Options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or RequestFailedException or ArtifactStoreException)
        {
            throw new ActivityFailedException(new ActivityFailure("outputs_unreachable", $"The results of '{id}' could not be put into the outputs: {exception.Message}", Retryable: true), exception);
        }
    }

    private async Task<IReadOnlyList<string>> WriteAsync(string id, CancellationToken cancellationToken)
    {
        if (await _records.FindAsync(id, cancellationToken) is not { State: JobState.Completed or JobState.Failed, Request.Upload: { } source } job)
        {
            // Deleted meanwhile: nobody wants the results.
            return [];
        }

        var route = routes.FirstOrDefault(candidate => candidate.Uploads.Name == source.Container)
            ?? throw new ActivityFailedException(new ActivityFailure("unknown_container", $"Nothing watches the container '{source.Container}' any more, so '{id}' has no outputs.", Retryable: false));
        var names = new List<string>();
        foreach (var file in (job.Files ?? []).Where(file => job.Request.Formats.Contains(file.Variant)))
        {
            var name = source.Name + Path.GetExtension(file.Artifact);
            await using var content = await store.OpenReadAsync(file.Artifact, cancellationToken);
            await route.Outputs.WriteAsync(name, file.ContentType, content, cancellationToken);
            names.Add(name);
        }

        var result = new UploadResult(
            job.Id,
            job.State == JobState.Completed ? "completed" : "failed",
            source.Name,
            job.Request.Prompt,
            job.Request.Model,
            job.Request.Seed,
            names,
            job.CreatedAt,
            job.EndedAt,
            job.Error);
        using var report = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(result, PipelineJson.Options), writable: false);
        await route.Outputs.WriteAsync(source.Name + ".json", "application/json", report, cancellationToken);
        return names;
    }
}
