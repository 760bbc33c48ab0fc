using System.ComponentModel;
using System.Globalization;
using Emu.Api.Jobs;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Videos;

/// <summary>A video job in OpenAI's shape, with our own fields after OpenAI's.</summary>
public sealed record VideoResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>video</c>.</summary>
    public string Object { get; init; } = "video";

    /// <summary>When it was accepted.</summary>
    [Description("Unix seconds.")]
    public required long CreatedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>When it ended.</summary>
    [Description("Unix seconds; null while it has not ended.")]
    public long? CompletedAt { get; init; }

    /// <summary>When its files are removed.</summary>
    [Description("Unix seconds when the files are removed; null while it has not ended.")]
    public long? ExpiresAt { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>How far it is.</summary>
    [Description("0 to 100; 100 only when completed.")]
    public required int Progress { get; init; }

    /// <summary>The prompt.</summary>
    public string? Prompt { get; init; }

    /// <summary>The length in seconds, as OpenAI writes it.</summary>
    public required string Seconds { get; init; }

    /// <summary>Width and height.</summary>
    public required string Size { get; init; }

    /// <summary>The source of a remix.</summary>
    public string? RemixedFromVideoId { get; init; }

    /// <summary>Why it failed.</summary>
    public JobErrorResource? Error { get; init; }

    /// <summary>The stage at work.</summary>
    [Description("The stage that reported last: keyframe, animate, interpolate, upsample, encode.")]
    public string? Stage { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Denoising steps; null for the model's own.</summary>
    public int? Steps { get; init; }

    /// <summary>Text guidance; null for the model's own.</summary>
    public double? Guidance { get; init; }

    /// <summary>Picture guidance; null for the model's own.</summary>
    public double? ImageGuidance { get; init; }

    /// <summary>Noise scheduler; null for the model's own.</summary>
    public string? NoiseScheduler { get; init; }

    /// <summary>Whether transparency is kept.</summary>
    public required bool Transparent { get; init; }

    /// <summary>The formats asked for.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>What can be downloaded.</summary>
    [Description("What `content` gives, once completed.")]
    public required IReadOnlyList<string> Variants { get; init; }

    /// <summary>When it is given up.</summary>
    [Description("Unix seconds.")]
    public long? Deadline { get; init; }

    /// <summary>The client's notes.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>A job as its owner sees it.</summary>
    public static VideoResource Of(JobSnapshot job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var (record, request) = (job.Record, job.Record.Request);
        return new VideoResource
        {
            Id = record.Id,
            CreatedAt = record.CreatedAt.ToUnixTimeSeconds(),
            Status = job.Status,
            CompletedAt = record.EndedAt?.ToUnixTimeSeconds(),
            ExpiresAt = record.ExpiresAt?.ToUnixTimeSeconds(),
            Model = request.Model,
            Progress = job.Percent,
            Prompt = request.Prompt,
            Seconds = request.Seconds.ToString("0.###", CultureInfo.InvariantCulture),
            Size = request.Size.ToString(),
            RemixedFromVideoId = request.RemixedFrom,
            Error = JobErrorResource.Of(record),
            Stage = record.HasEnded ? null : job.Progress?.Stage,
            Seed = request.Seed,
            Steps = request.Steps,
            Guidance = request.Guidance,
            ImageGuidance = request.ImageGuidance,
            NoiseScheduler = request.NoiseScheduler,
            Transparent = request.Transparent,
            Formats = request.Formats,
            Variants = record.State == JobState.Completed ? [.. record.Files?.Select(file => file.Variant) ?? []] : [],
            Deadline = request.Deadline?.ToUnixTimeSeconds(),
            Metadata = request.Metadata ?? new Dictionary<string, string>(),
        };
    }
}
