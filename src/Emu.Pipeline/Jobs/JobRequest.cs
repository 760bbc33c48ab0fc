using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Jobs;

/// <summary>
/// What a job makes, complete: with the same request, model package and machine the result is the same to the byte.
/// Made and checked by <see cref="JobRequestChecks"/>.
/// </summary>
public sealed record JobRequest
{
    /// <summary>What is made.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>What it shall show; may be empty for a video with an input picture.</summary>
    public required string Prompt { get; init; }

    /// <summary>The artifact of the user's picture, if there is one: <c>jobs/{id}/input.png</c>.</summary>
    public string? InputPicture { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Pixels.</summary>
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

    /// <summary>Whether transparency is kept where the format can.</summary>
    public bool Transparent { get; init; }

    /// <summary>The formats to make, at least one; the first is the job's main file.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>When the job is given up, UTC; never if null.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The client's own notes.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Where the job's end is told, besides the owner's endpoints.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The job that this one remakes, if any.</summary>
    public string? RemixedFrom { get; init; }

    /// <summary>The upload this job is made of, if it is: its results are put beside it.</summary>
    public UploadSource? Upload { get; init; }
}
