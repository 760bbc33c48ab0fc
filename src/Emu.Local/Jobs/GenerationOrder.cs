using Emu.Diffusion.Sessions;

namespace Emu.Local.Jobs;

/// <summary>What a user asks for, as far as it can be checked without a model.</summary>
internal sealed record GenerationOrder
{
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
    public float? Guidance { get; init; }

    /// <summary>Image guidance; null for the model's.</summary>
    public float? ImageGuidance { get; init; }

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

    /// <summary>Where every stage's artifacts stay; null for nowhere.</summary>
    public string? Keep { get; init; }
}
