using System.ComponentModel;
using System.Text.Json.Serialization;
using Emu.Api.Jobs;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Videos;

/// <summary>A video job in OpenAI's shape, with fields of our own besides OpenAI's.</summary>
/// <param name="job">The job.</param>
[ShowsJobFields(JobKind.Video)]
public sealed class VideoResource(JobSnapshot job) : JobResource(job, JobKind.Video, "video")
{
    /// <summary>The source of a remix.</summary>
    [JsonPropertyOrder(1)]
    public string? RemixedFromVideoId { get; init; } = job.Record.Request.RemixedFrom;

    /// <summary>Whether it begins from a picture of the user's.</summary>
    [JsonPropertyOrder(1)]
    [Description("Whether it begins from a picture that was sent (`input_reference`) or taken over by a remix.")]
    public bool HasInputReference { get; init; } = job.Record.Request.InputPicture is not null;
}

/// <summary>A page of videos.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The videos.</param>
/// <param name="FirstId">The first one's id; null if there is none.</param>
/// <param name="LastId">The last one's id, after which the next page begins; null if there is none.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record VideoListResource(string Object, IReadOnlyList<VideoResource> Data, string? FirstId, string? LastId, bool HasMore);
