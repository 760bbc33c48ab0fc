using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Edits;

/// <summary>A picture and its versions, as stored in <c>sessions/{owner}/{inverted time}-{id}/session.json</c>; changed only under its ETag.</summary>
public sealed record EditSession
{
    /// <summary>The version of the record's format that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the record's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its owner.</summary>
    public required string Owner { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it and its versions are removed, UTC: some time after its last version was asked for.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The picture that was sent: version 1.</summary>
    public required EditOriginal Original { get; init; }

    /// <summary>The versions after the first, in the order of their numbers.</summary>
    public IReadOnlyList<EditVersion> Versions { get; init; } = [];

    /// <summary>The version that was asked for or returned to last.</summary>
    public int Current { get; init; } = 1;

    /// <summary>The client's own notes.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The artifact of the idempotency claim it was created under, if any.</summary>
    public string? Claim { get; init; }

    /// <summary>A version after the first; null if there is none of that number.</summary>
    public EditVersion? Find(int number) => number >= 2 && number - 2 < Versions.Count ? Versions[number - 2] : null;
}

/// <summary>The picture that a session begins with, the file as it came.</summary>
/// <param name="Artifact">Its name in the store.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
/// <param name="Size">Its size as seen, in pixels.</param>
public sealed record EditOriginal(string Artifact, string ContentType, long Length, string Sha256, FrameSize Size);

/// <summary>A version that an instruction made or makes.</summary>
/// <param name="Number">Its number, from 2.</param>
/// <param name="From">The version that it is made from.</param>
/// <param name="JobId">The job that makes it.</param>
public sealed record EditVersion(int Number, int From, string JobId);

/// <summary>A version at one moment.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Version">The version; null for the original.</param>
/// <param name="Job">Its job; null for the original, and where the job was deleted.</param>
public sealed record EditVersionSnapshot(EditSession Session, EditVersion? Version, JobSnapshot? Job)
{
    /// <summary>Its number, from 1.</summary>
    public int Number => Version?.Number ?? 1;

    /// <summary>Its status; a version whose job was deleted counts as failed.</summary>
    public JobStatus Status => Version is null ? JobStatus.Completed : Job?.Status ?? JobStatus.Failed;
}

/// <summary>A session at one moment.</summary>
/// <param name="Session">Its record.</param>
/// <param name="Versions">Every version, the original first.</param>
public sealed record EditSessionSnapshot(EditSession Session, IReadOnlyList<EditVersionSnapshot> Versions)
{
    /// <summary>The version that was asked for or returned to last; of one that failed, the version that it was made from.</summary>
    public int Current
    {
        get
        {
            var number = Session.Current;
            while (number > 1 && Versions[number - 1] is { Status: JobStatus.Failed, Version: { } version })
            {
                number = version.From;
            }

            return number;
        }
    }
}

/// <summary>A session's id: <c>session_</c> and a version 7 UUID's 32 hexadecimal digits, whose first 48 bits are the time of creation in milliseconds.</summary>
public static partial class EditSessionId
{
    /// <summary>A new id for a session that is begun at the given time.</summary>
    public static string New(DateTimeOffset createdAt) => "session_" + Guid.CreateVersion7(createdAt).ToString("N");

    /// <summary>Whether a text is an id.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) => text is not null && Pattern().IsMatch(text);

    /// <summary>When a session was begun, UTC, to the millisecond.</summary>
    public static DateTimeOffset CreatedAt(string id) => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(id));

    internal static long Milliseconds(string id) => long.Parse(id.AsSpan("session_".Length, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\Asession_[0-9a-f]{12}7[0-9a-f]{19}\z")]
    private static partial Regex Pattern();
}
