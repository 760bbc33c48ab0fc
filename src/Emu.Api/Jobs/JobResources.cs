using System.ComponentModel;
using System.Text.Json.Serialization;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>A job as its owner sees it: what every kind of job has, and the fields of its request.</summary>
/// <remarks>The properties have setters so that their schemas say which of them are never null.</remarks>
public abstract class JobResource
{
    /// <summary>Creates the resource of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="kind">The kind of job whose fields are shown.</param>
    /// <param name="name">The kind of resource: <c>video</c>, <c>image</c> or <c>edit</c>.</param>
    protected JobResource(JobSnapshot job, JobKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(job);
        var record = job.Record;
        Id = record.Id;
        Object = name;
        CreatedAt = record.CreatedAt.ToUnixTimeSeconds();
        Status = job.Status;
        CompletedAt = record.EndedAt?.ToUnixTimeSeconds();
        ExpiresAt = record.ExpiresAt?.ToUnixTimeSeconds();
        Stage = record.HasEnded ? null : job.Progress?.Stage;
        Progress = job.Percent;
        Error = record.Error is { } error ? new JobErrorResource(error.Code, error.Message) : null;
        Warnings = record.Warnings;
        Variants = record.State == JobState.Completed ? [.. record.Files?.Select(file => file.Variant) ?? []] : job.HasKeyframe ? ["keyframe"] : [];
        Request = ShownJobFields.Values(kind, record.Request);
    }

    /// <summary>The id.</summary>
    public string Id { get; init; }

    /// <summary>The kind of resource: <c>video</c>, <c>image</c> or <c>edit</c>.</summary>
    public string Object { get; init; }

    /// <summary>When it was accepted.</summary>
    [Description("Unix seconds.")]
    public long CreatedAt { get; init; }

    /// <summary>Its state.</summary>
    public JobStatus Status { get; init; }

    /// <summary>When it ended.</summary>
    [Description("Unix seconds; null while it has not ended.")]
    public long? CompletedAt { get; init; }

    /// <summary>When its files are removed.</summary>
    [Description("Unix seconds when the files are removed; null while it has not ended.")]
    public long? ExpiresAt { get; init; }

    /// <summary>The stage at work.</summary>
    [JsonPropertyOrder(1)]
    [Description("The stage that reported last, for example keyframe or encode.")]
    public string? Stage { get; init; }

    /// <summary>The progress in percent.</summary>
    [Description("0 to 100; 100 only when completed.")]
    public int Progress { get; init; }

    /// <summary>Why it failed.</summary>
    public JobErrorResource? Error { get; init; }

    /// <summary>What its owner should know although it stops nothing.</summary>
    [Description("What you should know although it stops nothing, a sentence each: fields that are ignored, words that the model does not know. More may come while the job runs.")]
    public IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The files that can be downloaded.</summary>
    [Description("What `content` gives: the keyframe as soon as it is there, the rest once completed.")]
    public IReadOnlyList<string> Variants { get; init; }

    /// <summary>The fields of its request, which stand beside the others in JSON.</summary>
    [JsonExtensionData]
    public IDictionary<string, object?> Request { get; init; }
}

/// <summary>Why a job failed.</summary>
/// <param name="Code">A stable code; <c>cancelled</c> for a job that was cancelled.</param>
/// <param name="Message">For a person.</param>
public sealed record JobErrorResource(string Code, string Message);

/// <summary>Says that something was deleted.</summary>
/// <param name="Id">The id of what was deleted.</param>
/// <param name="Object">Its kind: <c>video.deleted</c>, <c>image.deleted</c>.</param>
/// <param name="Deleted">Always true.</param>
public sealed record DeletedResource(string Id, string Object, bool Deleted = true);

/// <summary>A link with which one file can be downloaded without a key until it expires.</summary>
/// <param name="Object">Always <c>link</c>.</param>
/// <param name="Id">The job.</param>
/// <param name="Variant">The file.</param>
/// <param name="Url">The address.</param>
/// <param name="ExpiresAt">When it expires.</param>
public sealed record LinkResource(string Object, string Id, string Variant, string Url, [property: Description("Unix seconds.")] long ExpiresAt);
