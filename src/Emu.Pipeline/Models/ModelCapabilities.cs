using System.Text.RegularExpressions;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Models;

/// <summary>
/// What a model can do, published by the hosts that run it as <c>models/{name}.json</c>, so that requests are checked without
/// the model.
/// </summary>
public sealed partial record ModelCapabilities
{
    /// <summary>The model's name: 1 to 64 of a–z, 0–9, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A sentence about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether it is used when a request names no model.</summary>
    public bool IsDefault { get; init; }

    /// <summary>What it can make.</summary>
    public required IReadOnlyList<JobKind> Kinds { get; init; }

    /// <summary>Whether a video can begin from a picture.</summary>
    public bool AcceptsPicture { get; init; }

    /// <summary>Whether a picture is moved as it is, at its own size and shape, rather than drawn anew.</summary>
    public bool MovesPictures { get; init; }

    /// <summary>The motions that can be asked for; empty if it follows none.</summary>
    public IReadOnlyList<string> Motions { get; init; } = [];

    /// <summary>The cameras that can be asked for; empty if it has none.</summary>
    public IReadOnlyList<string> Cameras { get; init; } = [];

    /// <summary>The sizes it makes; the first is the default.</summary>
    public required IReadOnlyList<FrameSize> Sizes { get; init; }

    /// <summary>The lengths it makes, in seconds; the first is the default. Empty if it makes no videos.</summary>
    public IReadOnlyList<double> Seconds { get; init; } = [];

    /// <summary>Frames a second of its videos; 0 if it makes none.</summary>
    public double FrameRate { get; init; }

    /// <summary>Whether its videos are loops.</summary>
    public bool Loops { get; init; }

    /// <summary>Whether its pictures have transparency.</summary>
    public bool Transparency { get; init; }

    /// <summary>Denoising steps that a request may set.</summary>
    public required NumberRange Steps { get; init; }

    /// <summary>The text's guidance scales it was trained for; null if it knows none.</summary>
    public NumberRange? Guidance { get; init; }

    /// <summary>The picture's guidance scales it was trained for; null if it knows none.</summary>
    public NumberRange? ImageGuidance { get; init; }

    /// <summary>The noise schedulers it can run with; the first is the default.</summary>
    public IReadOnlyList<string> NoiseSchedulers { get; init; } = [];

    /// <summary>The formats of its videos; the first is the default.</summary>
    public IReadOnlyList<string> VideoFormats { get; init; } = [];

    /// <summary>The formats of its pictures; the first is the default.</summary>
    public IReadOnlyList<string> ImageFormats { get; init; } = [];

    /// <summary>The kinds of edits it can be asked for by name; empty if it makes no edits.</summary>
    public IReadOnlyList<string> EditTasks { get; init; } = [];

    /// <summary>Whether it edits pictures by instructions in free form, which no grammar reads.</summary>
    public bool FollowsInstructions { get; init; }

    /// <summary>The longest prompt, in characters.</summary>
    public int MaximumPromptLength { get; init; } = 2000;

    /// <summary>The SHA-256 of the vocabulary that was published with these, if the model has one: see <see cref="IModelCatalog.FindVocabularyAsync"/>.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>When these were published, UTC.</summary>
    public DateTimeOffset PublishedAt { get; init; }

    internal static bool IsName(string name) => Pattern().IsMatch(name);

    /// <exception cref="ArgumentException">The name is invalid.</exception>
    internal static void ValidateName(string name)
    {
        if (!IsName(name))
        {
            throw new ArgumentException($"A model's name has 1 to 64 of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit; '{name}' does not.");
        }
    }

    /// <summary>Refuses what no request could be checked against.</summary>
    /// <exception cref="ArgumentException">The name is invalid, or there is no size or kind.</exception>
    internal void Validate()
    {
        ValidateName(Name);
        if (Sizes.Count == 0 || Kinds.Count == 0)
        {
            throw new ArgumentException($"The model '{Name}' says no size or no kind of job.");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Pattern();
}

/// <summary>The values a setting may have.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest; equal to the smallest where only one value was trained for.</param>
/// <param name="Default">The value if a request sets none.</param>
public sealed record NumberRange(double Minimum, double Maximum, double Default)
{
    /// <summary>Whether a value may be used. A value that is no number never may.</summary>
    public bool Contains(double value) => value >= Minimum && value <= Maximum;
}
