using System.Text;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>Finds and reads the text beside a picture.</summary>
internal static class UploadTexts
{
    // Longer than any model's prompt; the model's own limit is checked when the job is made.
    private const int MaximumBytes = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string VersionOf(UploadedFile text) => $"{text.Name}\n{text.ETag}";

    /// <summary>The text for a picture; null if there is none.</summary>
    public static async Task<FoundText?> FindForAsync(IUploadContainer container, string picture, CancellationToken cancellationToken)
    {
        foreach (var name in UploadName.TextsFor(picture))
        {
            if (await container.FindAsync(name, cancellationToken) is { } file)
            {
                return await ReadAsync(container, file, cancellationToken);
            }
        }

        return null;
    }

    private static async Task<FoundText?> ReadAsync(IUploadContainer container, UploadedFile file, CancellationToken cancellationToken)
    {
        if (file.Length > MaximumBytes)
        {
            return new FoundText(file, null, new JobError(UploadCodes.InvalidText, $"The text has {file.Length} bytes; a prompt's text has at most {MaximumBytes}."));
        }

        if (await container.ReadAsync(file, MaximumBytes, cancellationToken) is not { } bytes)
        {
            return null;
        }

        try
        {
            return new FoundText(file, Strict.GetString(bytes).TrimStart('\uFEFF').Trim(), null);
        }
        catch (DecoderFallbackException)
        {
            return new FoundText(file, null, new JobError(UploadCodes.InvalidText, "The text is not UTF-8."));
        }
    }

    internal sealed record FoundText(UploadedFile File, string? Prompt, JobError? Problem);
}
