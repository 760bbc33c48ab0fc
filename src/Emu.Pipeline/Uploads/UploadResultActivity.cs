using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Uploads;

/// <summary>
/// Copies a job's files into the outputs as <c>{picture's name}.mp4</c> and so on (an edit's as <c>{picture's name}.edited.png</c>), and
/// <c>….json</c> last: when that one exists the others are complete. Running it again writes the same files.
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
            throw new ActivityFailedException(new ActivityFailure("outputs_unreachable", $"The results of '{id}' could not be put into the outputs: {exception.Message}", Retryable: exception is not ArtifactStoreException { Retryable: false }), exception);
        }
    }

    private async Task<IReadOnlyList<string>> WriteAsync(string id, CancellationToken cancellationToken)
    {
        if (await _records.FindAsync(id, cancellationToken) is not { State: JobState.Completed or JobState.Failed, Request.Upload: { } source } job)
        {
            // The job was deleted meanwhile, and its results with it.
            return [];
        }

        var route = routes.FirstOrDefault(candidate => candidate.Uploads.Name == source.Container)
            ?? throw new ActivityFailedException(new ActivityFailure("unknown_container", $"Nothing watches the container '{source.Container}' any more, so '{id}' has no outputs.", Retryable: false));
        // The same picture may have been uploaded for a video too, with the same outputs.
        var stem = job.Request.Kind == JobKind.Edit ? source.Name + ".edited" : source.Name;
        var names = new List<string>();
        foreach (var file in (job.Files ?? []).Where(file => job.Request.Formats.Contains(file.Variant)))
        {
            var name = stem + Path.GetExtension(file.Artifact);
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
            job.Error,
            job.Warnings);
        using var report = new MemoryStream(ArtifactJson.Write(result), writable: false);
        await route.Outputs.WriteAsync(stem + ".json", "application/json", report, cancellationToken);
        return names;
    }
}

/// <summary>The description that is written beside a job's files in the outputs, as <c>{picture's name}.json</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Status"><c>completed</c> or <c>failed</c>.</param>
/// <param name="Source">The picture's name.</param>
/// <param name="Prompt">The prompt; may be empty.</param>
/// <param name="Model">The model.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Files">The files' names in the outputs.</param>
/// <param name="CreatedAt">When the job was made, UTC.</param>
/// <param name="EndedAt">When it ended, UTC.</param>
/// <param name="Error">Why it failed, if it did.</param>
/// <param name="Warnings">What its owner should know although it stopped nothing.</param>
public sealed record UploadResult(
    string JobId,
    string Status,
    string Source,
    string Prompt,
    string Model,
    long Seed,
    IReadOnlyList<string> Files,
    [property: JsonConverter(typeof(MillisecondsJson))] DateTimeOffset CreatedAt,
    [property: JsonConverter(typeof(MillisecondsJson))] DateTimeOffset? EndedAt,
    JobError? Error,
    IReadOnlyList<string> Warnings);

/// <summary>The upload a job was made from; kept in its request, so that its results are written to the right outputs.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Name">The picture's name in it.</param>
public sealed record UploadSource(string Container, string Name);

/// <summary>Starts an orchestration that copies the results of a job made from an upload into its outputs.</summary>
public sealed class UploadJobEndListener(IOrchestrationClient orchestrations) : IJobEndListener
{
    /// <inheritdoc/>
    public Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Request.Upload is null
            ? Task.CompletedTask
            : orchestrations.StartIfAbsentAsync(OrchestrationNames.UploadResult, $"upload_result.{job.Id}", job.Id, cancellationToken);
    }
}
