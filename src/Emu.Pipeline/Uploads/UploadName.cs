using System.Text;
using Emu.Pipeline.Files;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>Tells texts and files that nobody uploads from pictures, by their names. What a picture is, its content says.</summary>
public static class UploadName
{
    /// <summary>The extension of a report, appended to the file's name.</summary>
    public const string ReportExtension = ".error.json";

    /// <summary>The extension of a text.</summary>
    public const string TextExtension = ".txt";

    // What systems put into folders by themselves, besides hidden files.
    private static readonly string[] SystemFiles = ["thumbs.db", "desktop.ini"];

    /// <summary>Whether a file is meant as the text for a picture.</summary>
    public static bool IsText(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(TextExtension, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a file is meant as a picture: every file that is no text, no report, not hidden and none that a system makes.</summary>
    public static bool IsPicture(string name)
    {
        var file = Path.GetFileName(name);
        return !IsText(name) && !name.EndsWith(ReportExtension, StringComparison.OrdinalIgnoreCase)
            && file is [not '.', ..] && !SystemFiles.Contains(file, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The names a picture's text may have, the more specific first: <c>cat.png.txt</c>, then <c>cat.txt</c>. Case and composition do not matter.</summary>
    public static IEnumerable<string> TextsFor(string picture) => new[] { picture + TextExtension, Path.ChangeExtension(picture, TextExtension) }.Distinct();
}

/// <summary>
/// The names of the files in a container, to find those that belong together. Names are compared in composed form (NFC) and without
/// regard to case: macOS, Windows and cameras write the same name in different ways.
/// </summary>
public sealed class UploadListing
{
    private readonly ILookup<string, string> _texts;
    private readonly ILookup<string, string> _pictures;

    /// <summary>Makes a listing.</summary>
    public UploadListing(IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        _texts = all.Where(UploadName.IsText).ToLookup(Fold, StringComparer.Ordinal);
        _pictures = all.Where(UploadName.IsPicture)
            .SelectMany(picture => UploadName.TextsFor(picture).Select((text, rank) => (Text: Fold(text), Picture: picture, Rank: rank)))
            .OrderBy(pair => pair.Rank)
            .ToLookup(pair => pair.Text, pair => pair.Picture, StringComparer.Ordinal);
    }

    /// <summary>Lists a container.</summary>
    public static async Task<UploadListing> ReadAsync(IUploadContainer container, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(container);
        return new UploadListing(await container.ListAsync(cancellationToken).Select(file => file.Name).ToListAsync(cancellationToken));
    }

    /// <summary>The texts that belong to a picture, the most specific first; a name that is the same to the letter before others.</summary>
    public IEnumerable<string> TextsFor(string picture) =>
        UploadName.TextsFor(picture).SelectMany(text => _texts[Fold(text)].OrderByDescending(name => name == text));

    /// <summary>The pictures that a text belongs to.</summary>
    public IEnumerable<string> PicturesFor(string text) => _pictures[Fold(text)];

    private static string Fold(string name) => ComposedText.Of(name).ToUpperInvariant();
}

/// <summary>Finds and reads the text beside a picture.</summary>
internal static class UploadTexts
{
    // Longer than any model's prompt; the model's own limit is checked when the job is made.
    private const int MaximumBytes = 64 * 1024;

    private static readonly UTF8Encoding Unmarked = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // UTF-32's mark begins with UTF-16's.
    private static readonly Encoding[] Marked =
    [
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    public static string VersionOf(UploadedFile text) => $"{text.Name}\n{text.ETag}";

    /// <summary>The text for a picture; null if there is none.</summary>
    public static async Task<FoundText?> FindForAsync(IUploadContainer container, UploadListing listing, string picture, CancellationToken cancellationToken)
    {
        foreach (var name in listing.TextsFor(picture))
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
            return Invalid(file, $"The text has {file.Length} bytes; a prompt's text has at most {MaximumBytes}.");
        }

        if (await container.ReadAsync(file, MaximumBytes, cancellationToken) is not { } bytes)
        {
            return null;
        }

        try
        {
            var encoding = Marked.FirstOrDefault(candidate => bytes.AsSpan().StartsWith(candidate.Preamble)) ?? Unmarked;
            return new FoundText(file, encoding.GetString(bytes.AsSpan(encoding.Preamble.Length)).Trim(), null);
        }
        catch (DecoderFallbackException)
        {
            return Invalid(file, "The text is neither UTF-8 nor UTF-16 with a byte order mark.");
        }
    }

    private static FoundText Invalid(UploadedFile file, string what) =>
        new(file, null, new JobError(UploadCodes.InvalidText, $"{what} Replace it with one that is, or remove it: its picture waits until then."));

    internal sealed record FoundText(UploadedFile File, string? Prompt, JobError? Problem);
}
