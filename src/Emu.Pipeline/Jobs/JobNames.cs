using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Emu.Pipeline.Jobs;

/// <summary>Where a job's artifacts lie in the store.</summary>
public static class JobNames
{
    /// <summary>Every job's artifacts.</summary>
    public const string Jobs = "jobs/";

    /// <summary>The listings' entries.</summary>
    public const string Indexes = "index/";

    /// <summary>One entry for every job that has not ended.</summary>
    public const string InFlight = "inflight/";

    /// <summary>Idempotency claims.</summary>
    public const string Claims = "idempotency/";

    /// <summary>One entry for every tombstone, by the time of deletion.</summary>
    public const string Tombstones = "deleted/";

    private const string ManifestSuffix = ".manifest.json";

    /// <summary>A job's own artifacts.</summary>
    public static string Folder(string id) => $"{Jobs}{id}/";

    /// <summary>A job's record.</summary>
    public static string Record(string id) => $"{Jobs}{id}/job.json";

    /// <summary>A job's progress.</summary>
    public static string Progress(string id) => $"{Jobs}{id}/progress.json";

    /// <summary>A picture that the job was created with: <c>input</c>, <c>mask</c> or <c>background</c>. The extension is that of its format, without a dot.</summary>
    public static string Input(string id, string extension, string picture = JobPictures.InputName) => $"{Jobs}{id}/{picture}.{extension}";

    /// <summary>The manifest of a stage: <c>jobs/{id}/{stage}.manifest.json</c>; a chunk's stage is <c>upsample.3</c>.</summary>
    public static string Manifest(string id, string stage) => $"{Folder(id)}{stage}{ManifestSuffix}";

    /// <summary>The stage whose manifest an artifact of a job is; null if it is no manifest.</summary>
    public static string? StageOfManifest(string id, string artifact)
    {
        var folder = Folder(id);
        return artifact.StartsWith(folder, StringComparison.Ordinal) && artifact.EndsWith(ManifestSuffix, StringComparison.Ordinal)
            ? artifact[folder.Length..^ManifestSuffix.Length]
            : null;
    }

    /// <summary>A file of one attempt at a stage.</summary>
    public static string Attempt(string id, string stage, string attempt, string file) => $"{Jobs}{id}/{stage}/{attempt}/{file}";

    /// <summary>The entry of a job that has not ended.</summary>
    public static string InFlightEntry(string owner, string id) => $"{InFlight}{owner}/{id}";

    /// <summary>An owner's listing in one order.</summary>
    public static string Index(string owner, JobOrder order) => $"{Indexes}{owner}/{(order == JobOrder.NewestFirst ? "newest" : "oldest")}/";

    /// <summary>A job's entry in its owner's listing: sorts by time of creation, or against it.</summary>
    public static string IndexEntry(string owner, JobOrder order, JobId id)
    {
        var time = order == JobOrder.NewestFirst ? JobId.MaximumMilliseconds - id.Milliseconds : id.Milliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{Index(owner, order)}{time:x12}-{id}");
    }

    /// <summary>The claim of an owner's idempotency key.</summary>
    public static string Claim(string owner, string key) => $"{Claims}{owner}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";

    /// <summary>A tombstone's entry.</summary>
    public static string Tombstone(DateTimeOffset deletedAt, string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{Tombstones}{deletedAt.ToUnixTimeMilliseconds():x12}-{id}");

    /// <summary>The job's id at the end of a listing's, in-flight or tombstone entry.</summary>
    public static string IdOf(string entry)
    {
        var last = entry[(entry.LastIndexOf('/') + 1)..];
        return last.IndexOf('-', StringComparison.Ordinal) is var dash && dash >= 0 ? last[(dash + 1)..] : last;
    }
}

/// <summary>The rules for owners' names, which are parts of artifact names.</summary>
public static partial class Owner
{
    /// <summary>The owner of jobs made without keys.</summary>
    public const string Local = "local";

    /// <summary>Checks an owner's name: 1 to 64 of a–z, 0–9, <c>_</c> and <c>-</c>, beginning with a letter or digit.</summary>
    /// <exception cref="ArgumentException">It is invalid.</exception>
    public static void Validate(string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (!IsValid(owner))
        {
            throw new ArgumentException($"'{owner}' is no owner's name: 1 to 64 of a-z, 0-9, '_' and '-', beginning with a letter or digit.", nameof(owner));
        }
    }

    internal static bool IsValid(string owner) => Name().IsMatch(owner);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex Name();
}
