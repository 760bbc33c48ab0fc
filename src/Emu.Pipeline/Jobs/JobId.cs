using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Emu.Pipeline.Jobs;

/// <summary>
/// A job's id: <c>video_</c>, <c>image_</c> or <c>edit_</c> and a version 7 UUID's 32 hexadecimal digits, whose first 48 bits
/// are the time of creation in milliseconds. Ids of one kind sort by that time.
/// </summary>
public readonly record struct JobId
{
    /// <summary>The largest time an id can hold, in milliseconds since 1970.</summary>
    internal const long MaximumMilliseconds = (1L << 48) - 1;

    private static readonly SearchValues<char> LowerHexadecimal = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private JobId(string text, JobKind kind, long milliseconds)
    {
        _text = text;
        Kind = kind;
        Milliseconds = milliseconds;
    }

    /// <summary>What the job makes.</summary>
    public JobKind Kind { get; }

    /// <summary>When it was created, UTC, to the millisecond.</summary>
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    internal long Milliseconds { get; }

    /// <summary>A new id for a job created at the given time.</summary>
    public static JobId New(JobKind kind, DateTimeOffset createdAt) =>
        new(PrefixOf(kind) + Guid.CreateVersion7(createdAt).ToString("N"), kind, createdAt.ToUnixTimeMilliseconds());

    /// <summary>Reads an id; false for anything that is not exactly one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        id = default;
        if (text is null || text.IndexOf('_', StringComparison.Ordinal) is var underscore && underscore < 0)
        {
            return false;
        }

        JobKind? kind = text[..(underscore + 1)] switch
        {
            "video_" => JobKind.Video,
            "image_" => JobKind.Image,
            "edit_" => JobKind.Edit,
            _ => null,
        };
        var digits = text.AsSpan(underscore + 1);
        if (kind is null || digits.Length != 32 || digits[12] != '7' || digits.ContainsAnyExcept(LowerHexadecimal))
        {
            return false;
        }

        id = new JobId(text, kind.Value, long.Parse(digits[..12], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">The text is not one.</exception>
    public static JobId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no job id.");

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    private static string PrefixOf(JobKind kind) => kind switch
    {
        JobKind.Video => "video_",
        JobKind.Image => "image_",
        JobKind.Edit => "edit_",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of job."),
    };
}
