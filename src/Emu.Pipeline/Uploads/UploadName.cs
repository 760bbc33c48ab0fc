using System.Text;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>Tells pictures and texts from other files by their names.</summary>
public static class UploadName
{
    /// <summary>The extension of a report, appended to the file's name.</summary>
    public const string ReportExtension = ".error.json";

    private const string TextExtension = ".txt";

    /// <summary>The extensions of pictures, with their dot. The format is recognised by the content.</summary>
    public static IReadOnlyList<string> PictureExtensions { get; } = [.. InputPicture.Extensions.Select(extension => "." + extension), ".jpeg"];

    /// <summary>Whether a file is meant as a picture.</summary>
    public static bool IsPicture(string name) => PictureExtensions.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a file is meant as the text for a picture.</summary>
    public static bool IsText(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(TextExtension, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The names a picture's text may have, the more specific first: <c>cat.png.txt</c>, then <c>cat.txt</c>.</summary>
    public static IReadOnlyList<string> TextsFor(string picture) => [picture + TextExtension, Path.ChangeExtension(picture, TextExtension)];

    /// <summary>The names of the pictures a text may belong to.</summary>
    public static IReadOnlyList<string> PicturesFor(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var stem = text[..^TextExtension.Length];
        return IsPicture(stem) ? [stem] : [.. PictureExtensions.SelectMany(extension => new[] { stem + extension, stem + extension.ToUpperInvariant() })];
    }
}

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
