namespace Emu.Pipeline.Jobs;

/// <summary>What kind of value a field of a job's request has.</summary>
public enum JobFieldType
{
    /// <summary>Text.</summary>
    Text,
    /// <summary>A whole number.</summary>
    WholeNumber,
    /// <summary>A number.</summary>
    Number,
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>A list of texts.</summary>
    TextList,
    /// <summary>Texts by name.</summary>
    TextMap,
}

/// <summary>
/// A field of a job's request. The HTTP API reads and describes it, lines of a batch file carry it, the command line has an
/// option for it, and responses show it: all of them from this one description.
/// </summary>
/// <param name="Name">Its name in snake_case; the command line's option is the same in kebab-case.</param>
/// <param name="Type">The kind of its value.</param>
/// <param name="Description">One or two sentences for users, with unit and default.</param>
public sealed record JobField(string Name, JobFieldType Type, string Description)
{
    /// <summary>The smallest number accepted, for every model.</summary>
    public double? Minimum { get; init; }

    /// <summary>The largest number accepted, for every model.</summary>
    public double? Maximum { get; init; }

    /// <summary>The values that a text may have, if it is one of a few words.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>The command line's option, without dashes, where it has another name than the field.</summary>
    public string? OptionName { get; init; }

    /// <summary>The most items of a list or map.</summary>
    public int? MaximumItems { get; init; }

    /// <summary>The JSON Schema format of a text, if it has one: <c>uri</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Whether a number may also come as text (OpenAI's clients send <c>seconds</c> so).</summary>
    public bool NumberAsText { get; init; }

    /// <summary>The kinds of job that have it; all by default.</summary>
    public IReadOnlyList<JobKind> Kinds { get; init; } = Enum.GetValues<JobKind>();

    /// <summary>Its value in responses: a text, number, boolean, list or map; null if it has none.</summary>
    public required Func<JobRequest, object?> Show { get; init; }

    /// <summary>Sets it in a draft from a source; an absent value leaves the draft as it is.</summary>
    public required Func<JobField, IJobFieldReader, JobDraft, JobDraft> Set { get; init; }

    /// <summary>Whether a number is within the field's bounds; NaN is not.</summary>
    public bool Accepts(double value) => value >= (Minimum ?? double.NegativeInfinity) && value <= (Maximum ?? double.PositiveInfinity);

    /// <summary>Reads it into a draft; an absent value leaves the draft as it is.</summary>
    public JobDraft Read(JobDraft draft, IJobFieldReader reader) => Set(this, reader, draft);
}

/// <summary>Gives typed values of fields from wherever they come: a JSON body, a form, a command line. Each source throws its own error.</summary>
public interface IJobFieldReader
{
    /// <summary>A text, or null if absent.</summary>
    string? Text(JobField field);

    /// <summary>A whole number within the field's bounds, or null if absent.</summary>
    long? WholeNumber(JobField field);

    /// <summary>A number within the field's bounds, or null if absent.</summary>
    double? Number(JobField field);

    /// <summary>True or false, or null if absent.</summary>
    bool? Boolean(JobField field);

    /// <summary>A list of texts of at most <see cref="JobField.MaximumItems"/>, or null if absent.</summary>
    IReadOnlyList<string>? TextList(JobField field);

    /// <summary>Texts by name, or null if absent.</summary>
    IReadOnlyDictionary<string, string>? TextMap(JobField field);

    /// <summary>The source's error for a text that is not accepted.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">What was given.</param>
    /// <param name="expected">What is accepted, as a clause: <c>a size is written like '512x512'</c>.</param>
    Exception Invalid(JobField field, string text, string expected);
}
