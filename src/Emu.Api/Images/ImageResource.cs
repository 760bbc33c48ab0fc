using System.ComponentModel;
using Emu.Api.Jobs;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Images;

/// <summary>An image job.</summary>
public sealed record ImageResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>image</c>.</summary>
    public string Object { get; init; } = "image";

    /// <summary>When it was accepted.</summary>
    [Description("Unix seconds.")]
    public required long CreatedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>When it ended.</summary>
    [Description("Unix seconds; null while it has not ended.")]
    public long? CompletedAt { get; init; }

    /// <summary>When its file is removed.</summary>
    [Description("Unix seconds when the file is removed; null while it has not ended.")]
    public long? ExpiresAt { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>How far it is.</summary>
    [Description("0 to 100; 100 only when completed.")]
    public required int Progress { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>Width and height.</summary>
    public required string Size { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Why it failed.</summary>
    public JobErrorResource? Error { get; init; }

    /// <summary>What can be downloaded.</summary>
    [Description("What `content` gives, once completed.")]
    public required IReadOnlyList<string> Variants { get; init; }

    /// <summary>The client's notes.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>A job as its owner sees it.</summary>
    public static ImageResource Of(JobSnapshot job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var (record, request) = (job.Record, job.Record.Request);
        return new ImageResource
        {
            Id = record.Id,
            CreatedAt = record.CreatedAt.ToUnixTimeSeconds(),
            Status = job.Status,
            CompletedAt = record.EndedAt?.ToUnixTimeSeconds(),
            ExpiresAt = record.ExpiresAt?.ToUnixTimeSeconds(),
            Model = request.Model,
            Progress = job.Percent,
            Prompt = request.Prompt,
            Size = request.Size.ToString(),
            Seed = request.Seed,
            Error = JobErrorResource.Of(record),
            Variants = record.State == JobState.Completed ? [.. record.Files?.Select(file => file.Variant) ?? []] : [],
            Metadata = request.Metadata ?? new Dictionary<string, string>(),
        };
    }
}
