using System.Security.Cryptography;
using System.Text;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>Records how a version of an uploaded file was handled; created only if absent.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Name">The file's name.</param>
/// <param name="ETag">The file's version.</param>
/// <param name="Prompt">The prompt of its job; fixed with the claim, so that another attempt creates the same job.</param>
/// <param name="Text">The name and version of the text the prompt came from; null if it came from metadata or there is none.</param>
/// <param name="JobId">The job; null until it is created, and for a file that was refused.</param>
/// <param name="Refused">The code of the report beside the file, if it was refused.</param>
public sealed record UploadClaim(string Container, string Name, string ETag, string? Prompt, string? Text, string? JobId, string? Refused)
{
    /// <summary>The name of a file version's claim in the artifact store.</summary>
    public static string NameOf(string container, string name, string etag) => $"uploads/{HashOf(container, name, etag)}";

    /// <summary>The hash that identifies a version of a file; also in its job's idempotency key.</summary>
    public static string HashOf(string container, string name, string etag) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{container}\n{name}\n{etag}")));
}

/// <summary>The report that is written beside a refused file, as <c>{name}.error.json</c>.</summary>
/// <param name="File">The file it is about.</param>
/// <param name="JobId">The job it concerns, if there is one.</param>
/// <param name="Error">What was wrong and what is accepted.</param>
public sealed record UploadReport(string File, string? JobId, JobError Error);

/// <summary>The codes of reports about uploads, besides those of pictures and jobs.</summary>
public static class UploadCodes
{
    /// <summary>A file is larger than any picture may be; the validator's own code.</summary>
    public const string TooManyBytes = "picture_too_many_bytes";

    /// <summary>A text is required, and none was uploaded in time.</summary>
    public const string PromptMissing = "prompt_missing";

    /// <summary>A text was uploaded after its picture's job had begun.</summary>
    public const string TextTooLate = "text_too_late";

    /// <summary>A text is neither UTF-8 nor UTF-16 with a mark, or longer than any prompt.</summary>
    public const string InvalidText = "invalid_text";
}
