using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Jobs;

/// <summary>
/// What a client asks for, before the model's defaults are filled in. <see cref="JobService.CreateAsync"/> checks it and makes
/// a <see cref="JobRequest"/> of it.
/// </summary>
public sealed record JobDraft
{
    /// <summary>What is to be made.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>What it shall show; may be empty for a video with an input picture.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>The model's name; the default model if null.</summary>
    public string? Model { get; init; }

    /// <summary>Pixels; the model's default if null.</summary>
    public FrameSize? Size { get; init; }

    /// <summary>A video's length in seconds; the model's default if null.</summary>
    public double? Seconds { get; init; }

    /// <summary>0 to 2⁵³ − 1; drawn if null.</summary>
    public long? Seed { get; init; }

    /// <summary>Denoising steps; the model's default if null.</summary>
    public int? Steps { get; init; }

    /// <summary>The text's guidance scale; the model's default if null.</summary>
    public double? Guidance { get; init; }

    /// <summary>The picture's guidance scale; the model's default if null.</summary>
    public double? ImageGuidance { get; init; }

    /// <summary>The noise scheduler's name; the package's own if null.</summary>
    public string? NoiseScheduler { get; init; }

    /// <summary>Whether transparency is kept where the format can.</summary>
    public bool Transparent { get; init; }

    /// <summary>The formats wanted, for example <c>mp4</c>, <c>gif</c>; the model's default if empty.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>When the job is given up, UTC; never if null.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The client's own notes: at most 16 pairs, keys up to 64 characters, values up to 512.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the job's end is told, besides the owner's endpoints.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The job that this one remakes, if any.</summary>
    public string? RemixedFrom { get; init; }

    /// <summary>The upload this job is made of, if it is.</summary>
    public UploadSource? Upload { get; init; }

    /// <summary>Asks for the same again, seed included, with no deadline and without the input picture.</summary>
    internal static JobDraft From(JobRequest request) => new()
    {
        Kind = request.Kind,
        Prompt = request.Prompt,
        Model = request.Model,
        Size = request.Size,
        Seconds = request.Kind == JobKind.Video ? request.Seconds : null,
        Seed = request.Seed,
        Steps = request.Steps,
        Guidance = request.Guidance,
        ImageGuidance = request.ImageGuidance,
        NoiseScheduler = request.NoiseScheduler,
        Transparent = request.Transparent,
        Formats = request.Formats,
        Metadata = request.Metadata ?? new Dictionary<string, string>(),
        WebhookUrl = request.WebhookUrl,
        RemixedFrom = request.RemixedFrom,
    };
}
