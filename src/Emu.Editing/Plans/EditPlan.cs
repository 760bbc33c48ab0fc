using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emu.Editing.Plans;

/// <summary>The kinds of edits (Emu Edit, arXiv 2311.10089, §3): of a region, of the whole picture, and vision tasks.</summary>
public enum EditTask
{
    /// <summary>What lies behind the subject changes.</summary>
    Background,

    /// <summary>Colour, light and sharpness of a region.</summary>
    Color,

    /// <summary>The picture or its subject is turned, moved, cut or scaled.</summary>
    Geometry,

    /// <summary>Something goes, and what lies around it takes its place.</summary>
    Remove,

    /// <summary>Something comes.</summary>
    Add,

    /// <summary>Words are written into the picture.</summary>
    Text,

    /// <summary>The whole picture's tones change.</summary>
    Global,

    /// <summary>The whole picture is drawn in another manner.</summary>
    Style,

    /// <summary>A box around the subject.</summary>
    Detect,

    /// <summary>The subject's mask.</summary>
    Segment,

    /// <summary>What the words say, drawn by an instruct-edit model.</summary>
    Instruct,
}

/// <summary>What part of the picture a step is about.</summary>
public enum EditTarget
{
    /// <summary>The whole picture.</summary>
    Everything,

    /// <summary>What the picture shows in front.</summary>
    Subject,

    /// <summary>What lies behind the subject.</summary>
    Ground,

    /// <summary>The region that the user painted.</summary>
    Mask,
}

/// <summary>One step: an operation on a part of the picture.</summary>
/// <param name="Operation">What is done, with its parameters.</param>
/// <param name="Target">Where.</param>
/// <param name="Clause">The words of the instruction that it was read from.</param>
public sealed record EditStep(EditOperation Operation, EditTarget Target, string Clause = "")
{
    /// <summary>The operation's task.</summary>
    [JsonPropertyOrder(-1)]
    public EditTask Task => Operation.Task;
}

/// <summary>What an instruction means: steps, done in this order. At least one.</summary>
public sealed record EditPlan
{
    private readonly IReadOnlyList<EditStep> _steps = [];

    /// <summary>How plans are written as JSON: snake_case names, the operation's name as <c>operation</c>.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>The steps.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public required IReadOnlyList<EditStep> Steps
    {
        get => _steps;
        init => _steps = value is { Count: > 0 } ? value : throw new ArgumentException("A plan has at least one step.", nameof(value));
    }

    /// <summary>What the user is to be told about how the words were understood: a misspelling, "the sky" read as the background, a thing that only the mask shows.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether a step is about the painted region, so that there must be a mask.</summary>
    [JsonIgnore]
    public bool NeedsMask => Steps.Any(step => step.Target == EditTarget.Mask);
}
