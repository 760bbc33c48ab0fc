using System.Text.Json.Serialization;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Jobs;

/// <summary>What a job makes.</summary>
public enum JobKind
{
    /// <summary>A video from a text, a picture, or both.</summary>
    Video,

    /// <summary>A picture from a text.</summary>
    Image,

    /// <summary>A picture edited as an instruction says.</summary>
    Edit,
}

/// <summary>
/// A client's request, before the model's defaults are filled in. <see cref="JobService.CreateAsync"/> checks it and makes
/// a <see cref="JobRequest"/> of it.
/// </summary>
public sealed record JobDraft
{
    /// <summary>The kind of job.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>The prompt; may be empty for a video with an input picture. An edit's is its instructions, one a line.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The model's name; the default model if null.</summary>
    public string? Model { get; init; }

    /// <summary>Pixels; the model's default if null.</summary>
    public FrameSize? Size { get; init; }

    /// <summary>A video's length in seconds; the model's default if null.</summary>
    public double? Seconds { get; init; }

    /// <summary>0 to 2⁵³ − 1; random if null.</summary>
    public long? Seed { get; init; }

    /// <summary>Denoising steps; the model's default if null.</summary>
    public int? Steps { get; init; }

    /// <summary>The text's guidance scale; the model's default if null.</summary>
    public double? Guidance { get; init; }

    /// <summary>The picture's guidance scale; the model's default if null.</summary>
    public double? ImageGuidance { get; init; }

    /// <summary>The noise scheduler's name; the package's own if null.</summary>
    public string? NoiseScheduler { get; init; }

    /// <summary>A video's motions, like <c>bounce,0.6;spin</c>, or <c>none</c>; what the prompt says if null.</summary>
    public string? Motion { get; init; }

    /// <summary>A video's camera, or <c>none</c>; what the prompt says if null.</summary>
    public string? Camera { get; init; }

    /// <summary>Whether transparency is kept where the format can.</summary>
    public bool Transparent { get; init; }

    /// <summary>The formats to make, for example <c>mp4</c>, <c>gif</c>; the model's default if empty.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>The chat service to make a sticker for, one of <see cref="StickerTargets"/>; none if null.</summary>
    public string? Target { get; init; }

    /// <summary>The most bytes of each file; no limit if null.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>When the job fails if it has not ended, UTC; no deadline if null.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The client's own notes; see <see cref="JobFields.Metadata"/> for the limits.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the job's end is posted, in addition to the owner's webhook endpoints.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The job that this one remakes, if any.</summary>
    public string? RemixedFrom { get; init; }

    /// <summary>The upload that the job is created from, if any.</summary>
    public UploadSource? Upload { get; init; }

    /// <summary>What only an edit says; null where nothing is said.</summary>
    public EditDraft? Edit { get; init; }

    /// <summary>What the client should know about the request: the job's first <see cref="JobRecord.Warnings"/>. No part of the request itself.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The draft with another warning, one sentence; the same draft if it has that one already.</summary>
    public JobDraft Warn(string warning)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(warning);
        return Warnings.Contains(warning) ? this : this with { Warnings = [.. Warnings, warning] };
    }

    /// <summary>A draft of the same request, seed included, without the deadline, the pictures and the warnings.</summary>
    internal static JobDraft From(JobRequest request) => new()
    {
        Kind = request.Kind,
        Prompt = request.Prompt,
        Model = request.Model,
        Size = request.Kind == JobKind.Edit && request.Edit is not { Fits: true } ? null : request.Size,
        Seconds = request.Kind == JobKind.Video ? request.Seconds : null,
        Seed = request.Seed,
        Steps = request.Steps,
        Guidance = request.Guidance,
        ImageGuidance = request.ImageGuidance,
        NoiseScheduler = request.NoiseScheduler,
        Motion = request.Motion,
        Camera = request.Camera,
        Transparent = request.Transparent,
        Formats = request.Formats,
        Target = request.Target,
        MaximumBytes = request.MaximumBytes,
        Metadata = request.Metadata ?? new Dictionary<string, string>(),
        WebhookUrl = request.WebhookUrl,
        RemixedFrom = request.RemixedFrom,
        Edit = request.Edit is { } edit ? new EditDraft { Task = edit.Task, Lossy = edit.Lossy, Source = edit.Source } : null,
    };
}

/// <summary>
/// A job's complete request: with the same request, model package and machine the result is the same to the byte.
/// Made and checked by <see cref="JobRequestChecks"/>.
/// </summary>
public sealed record JobRequest
{
    /// <summary>The kind of job.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>The prompt; may be empty for a video with an input picture. An edit's is its instructions, one a line.</summary>
    public required string Prompt { get; init; }

    /// <summary>The artifact of the user's picture, the file as it came, if there is one: <c>jobs/{id}/input.png</c>.</summary>
    public string? InputPicture { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Pixels. An edit's are those of the picture that is edited, unless a size was asked for (<see cref="EditRequest.Fits"/>).</summary>
    public required FrameSize Size { get; init; }

    /// <summary>A video's length in seconds; 0 for a picture.</summary>
    public required double Seconds { get; init; }

    /// <summary>A video's frames a second; 0 for a picture.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>0 to 2⁵³ − 1.</summary>
    public required long Seed { get; init; }

    /// <summary>Denoising steps of each model; null where the package decides.</summary>
    public int? Steps { get; init; }

    /// <summary>The text's guidance scale; null where the package decides.</summary>
    public double? Guidance { get; init; }

    /// <summary>The picture's guidance scale; null where the package decides.</summary>
    public double? ImageGuidance { get; init; }

    /// <summary>The noise scheduler's name; null for the package's own.</summary>
    public string? NoiseScheduler { get; init; }

    /// <summary>A video's motions, like <c>bounce,0.6;spin</c>, or <c>none</c>; null where the prompt decides.</summary>
    public string? Motion { get; init; }

    /// <summary>A video's camera, or <c>none</c>; null where the prompt decides.</summary>
    public string? Camera { get; init; }

    /// <summary>Whether transparency is kept where the format can.</summary>
    public bool Transparent { get; init; }

    /// <summary>The formats to make, at least one; the first is the job's main file.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>The chat service that the files are for, one of <see cref="StickerTargets"/>; none if null.</summary>
    public string? Target { get; init; }

    /// <summary>The most bytes of each file that the client allows; no limit but the target's if null.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>When the job fails if it has not ended, UTC; no deadline if null.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The client's own notes.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Where the job's end is posted, in addition to the owner's webhook endpoints.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The job that this one remakes, if any.</summary>
    public string? RemixedFrom { get; init; }

    /// <summary>The upload that the job was created from, if any: the results are written beside it.</summary>
    public UploadSource? Upload { get; init; }

    /// <summary>What only edits have; null for other jobs.</summary>
    public EditRequest? Edit { get; init; }

    /// <summary>The artifacts of every picture that the job was created with.</summary>
    [JsonIgnore]
    public IEnumerable<string> Pictures => new[] { InputPicture, Edit?.Mask, Edit?.Background }.OfType<string>();
}
