using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Emu.Api.Jobs;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Edits;

/// <summary>An edit job.</summary>
/// <param name="job">The job.</param>
[ShowsJobFields(JobKind.Edit)]
public sealed class EditResource(JobSnapshot job) : JobResource(job, JobKind.Edit, "edit")
{
    /// <summary>What the prompt was read as.</summary>
    [JsonPropertyOrder(1)]
    [Description("What the prompt was read as: steps, in order. Null until it is read.")]
    public IReadOnlyList<JsonObject>? Plan { get; init; } = PlanOf(job.Record.Edit);

    internal static IReadOnlyList<JsonObject>? PlanOf(EditReport? report) => report?.Plan is { } plan ? [.. plan.EnumerateArray().Select(step => JsonObject.Create(step)!)] : null;

    /// <summary>The share of pixels that are the source's.</summary>
    [JsonPropertyOrder(1)]
    [Description("The share of pixels that are bit-identical to the source's, 0 to 1; null until that is known.")]
    public double? KeptShare { get; init; } = job.Record.Edit?.KeptShare;

    /// <summary>Where the subject is.</summary>
    [JsonPropertyOrder(1)]
    [Description("The box around the subject, in pixels of the picture before the edit; null if none was looked for.")]
    public EditBox? Found { get; init; } = job.Record.Edit?.Found;

    /// <summary>The session.</summary>
    [JsonPropertyOrder(1)]
    [Description("The session that it makes a version for; null for an edit by itself.")]
    public string? SessionId { get; init; } = job.Record.Request.Edit?.Source?.Session;
}

/// <summary>A page of edits, or those of one request that is not waited for.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The edits' jobs.</param>
/// <param name="FirstId">The first one's id; null if there is none.</param>
/// <param name="LastId">The last one's id, after which the next page begins; null if there is none.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record EditListResource(string Object, IReadOnlyList<EditResource> Data, string? FirstId, string? LastId, bool HasMore);

/// <summary>A version in a session.</summary>
public sealed record EditVersionResource
{
    /// <summary>The kind of resource.</summary>
    [Description("Always `edit.version`.")]
    public string Object { get; init; } = "edit.version";

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The number.</summary>
    [Description("Its number; 1 is the original.")]
    public required int Version { get; init; }

    /// <summary>What it is made from.</summary>
    [Description("The version that it is made from; null for the original.")]
    public int? From { get; init; }

    /// <summary>The job.</summary>
    [Description("The job that makes it (`/v1/images/edits/{id}`); null for the original.")]
    public string? JobId { get; init; }

    /// <summary>Its state.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>The progress in percent.</summary>
    [Description("0 to 100; 100 only when completed.")]
    public required int Progress { get; init; }

    /// <summary>The stage at work.</summary>
    [Description("The stage that reported last, for example mask or encode.")]
    public string? Stage { get; init; }

    /// <summary>When it was asked for.</summary>
    [Description("Unix seconds.")]
    public required long CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Description("Unix seconds; null while it has not ended.")]
    public long? CompletedAt { get; init; }

    /// <summary>What was asked for.</summary>
    [Description("The instructions, in order; none for the original.")]
    public required IReadOnlyList<string> Instructions { get; init; }

    /// <summary>The kind of edit.</summary>
    [Description("The kind of edit, if it was given.")]
    public string? Task { get; init; }

    /// <summary>The seed.</summary>
    public long? Seed { get; init; }

    /// <summary>What the instructions were read as.</summary>
    [Description("What the instructions were read as: steps, in order. Null until they are read.")]
    public IReadOnlyList<JsonObject>? Plan { get; init; }

    /// <summary>The share of pixels that are those of the version before.</summary>
    [Description("The share of pixels that are bit-identical to those of the version that it is made from, 0 to 1; null until that is known.")]
    public double? KeptShare { get; init; }

    /// <summary>Where the subject is.</summary>
    [Description("The box around the subject, in pixels of the version that it is made from; null if none was looked for.")]
    public EditBox? Found { get; init; }

    /// <summary>Width in pixels.</summary>
    [Description("Pixels; null until completed.")]
    public int? Width { get; init; }

    /// <summary>Height in pixels.</summary>
    [Description("Pixels; null until completed.")]
    public int? Height { get; init; }

    /// <summary>The file's length.</summary>
    [Description("The file's length; null until completed.")]
    public long? Bytes { get; init; }

    /// <summary>The file's media type.</summary>
    [Description("The file's media type; null until completed.")]
    public string? ContentType { get; init; }

    /// <summary>The files that can be downloaded.</summary>
    [Description("What `content` gives.")]
    public required IReadOnlyList<string> Variants { get; init; }

    /// <summary>What its owner should know although it stops nothing.</summary>
    [Description("What you should know although it stops nothing, a sentence each.")]
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why it failed.</summary>
    public JobErrorResource? Error { get; init; }

    /// <summary>A version at one moment.</summary>
    public static EditVersionResource Of(EditVersionSnapshot version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var (record, progress) = (version.Job?.Record, version.Job?.Progress);
        var files = version.Version is null ? [EditSessions.OriginalFile(version.Session.Original)] : record is { State: JobState.Completed, Files: { } made } ? made : [];
        var main = version.Version is null ? files[0] : files.FirstOrDefault(file => file.Variant == record?.Request.Formats[0]);
        var createdAt = (record?.CreatedAt ?? version.Session.CreatedAt).ToUnixTimeSeconds();
        return new EditVersionResource
        {
            SessionId = version.Session.Id,
            Version = version.Number,
            From = version.Version?.From,
            JobId = version.Version?.JobId,
            Status = version.Status,
            Progress = version.Version is null ? 100 : version.Job?.Percent ?? 0,
            Stage = record is null or { HasEnded: true } ? null : progress?.Stage,
            CreatedAt = createdAt,
            CompletedAt = version.Version is null ? createdAt : record?.EndedAt?.ToUnixTimeSeconds(),
            Instructions = record is null ? [] : EditInstructions.Of(record.Request.Prompt),
            Task = record?.Request.Edit?.Task,
            Seed = record?.Request.Seed,
            Plan = EditResource.PlanOf(record?.Edit),
            KeptShare = record?.Edit?.KeptShare,
            Found = record?.Edit?.Found,
            Width = main?.Media?.Width,
            Height = main?.Media?.Height,
            Bytes = main?.Length,
            ContentType = main?.ContentType,
            Variants = [.. files.Select(file => file.Variant)],
            Warnings = record?.Warnings ?? [],
            Error = version is { Version: not null, Job: null } ? new JobErrorResource("deleted", "The version's job was deleted.")
                : record?.Error is { } error ? new JobErrorResource(error.Code, error.Message)
                : null,
        };
    }
}

/// <summary>A session: a picture and its versions.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>edit.session</c>.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="ExpiresAt">When it is removed.</param>
/// <param name="Current">The current version.</param>
/// <param name="Metadata">The client's own notes.</param>
/// <param name="Versions">Its versions.</param>
public sealed record EditSessionResource(
    string Id,
    string Object,
    [property: Description("Unix seconds.")] long CreatedAt,
    [property: Description("Unix seconds when the session and its versions are removed.")] long ExpiresAt,
    [property: Description("The version that was asked for or returned to last; one that failed never is.")] int Current,
    IReadOnlyDictionary<string, string> Metadata,
    [property: Description("Every version, the original first.")] IReadOnlyList<EditVersionResource> Versions)
{
    /// <summary>A session at one moment.</summary>
    public static EditSessionResource Of(EditSessionSnapshot session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var record = session.Session;
        return new EditSessionResource(
            record.Id,
            "edit.session",
            record.CreatedAt.ToUnixTimeSeconds(),
            record.ExpiresAt.ToUnixTimeSeconds(),
            session.Current,
            record.Metadata ?? new Dictionary<string, string>(),
            [.. session.Versions.Select(EditVersionResource.Of)]);
    }
}

/// <summary>A page of sessions, the newest first.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The sessions.</param>
/// <param name="FirstId">The first one's id; null if there is none.</param>
/// <param name="LastId">The last one's id, after which the next page begins; null if there is none.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record EditSessionListResource(string Object, IReadOnlyList<EditSessionResource> Data, string? FirstId, string? LastId, bool HasMore);
