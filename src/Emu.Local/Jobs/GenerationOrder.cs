using Emu.Diffusion.Sessions;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>What a user asks for, as far as it can be checked without a model.</summary>
internal sealed record GenerationOrder
{
    /// <summary>A video or a picture.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>The prompt; may be empty if there is a picture.</summary>
    public required string Prompt { get; init; }

    /// <summary>The picture to animate, or null.</summary>
    public string? Picture { get; init; }

    /// <summary>The files to write, full paths; at least one.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Steps of each stage; null for the model's.</summary>
    public int? Steps { get; init; }

    /// <summary>Text guidance; null for the model's.</summary>
    public double? Guidance { get; init; }

    /// <summary>Image guidance; null for the model's.</summary>
    public double? ImageGuidance { get; init; }

    /// <summary>Noise scheduler; null for the model's.</summary>
    public string? NoiseScheduler { get; init; }

    /// <summary>Side of the result in pixels.</summary>
    public int? Size { get; init; }

    /// <summary>Whether transparency is kept.</summary>
    public bool Transparent { get; init; }

    /// <summary>The model package's folder.</summary>
    public required string Model { get; init; }

    /// <summary>Where graphs run.</summary>
    public required DeviceChoice Device { get; init; }

    /// <summary>In which numbers graphs are computed.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>Where every stage's artifacts stay; null for nowhere.</summary>
    public string? Keep { get; init; }

    /// <summary>The format that an output's extension names, as jobs call it.</summary>
    public string FormatOf(string output) => (Kind == JobKind.Video ? OutputFormats.OfVideo(output) : OutputFormats.OfPicture(output))
        ?? throw new ArgumentException($"'{output}' names no format.", nameof(output));

    /// <summary>What the job service is asked for.</summary>
    /// <param name="model">The model's name there.</param>
    public JobDraft ToDraft(string model) => new()
    {
        Kind = Kind,
        Prompt = Prompt,
        Model = model,
        Size = Size is { } side ? new FrameSize(side, side) : null,
        Seed = Seed,
        Steps = Steps,
        Guidance = Guidance,
        ImageGuidance = ImageGuidance,
        NoiseScheduler = NoiseScheduler,
        Transparent = Transparent,
        Formats = [.. Outputs.Select(FormatOf).Distinct()],
    };
}
