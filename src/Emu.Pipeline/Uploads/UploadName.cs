namespace Emu.Pipeline.Uploads;

/// <summary>What the name of an uploaded file says: a picture, the text for one, or nothing of ours.</summary>
public static class UploadName
{
    /// <summary>What a report about a file is called: the file's name and this.</summary>
    public const string ReportEnding = ".error.json";

    private const string TextEnding = ".txt";

    /// <summary>The endings of pictures, with their dot; what a file really is, its content tells.</summary>
    public static IReadOnlyList<string> PictureEndings { get; } = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

    /// <summary>Whether a file is meant as a picture.</summary>
    public static bool IsPicture(string name) => PictureEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a file is meant as the text for a picture.</summary>
    public static bool IsText(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(TextEnding, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Where a picture's text may stand, the more specific first: <c>cat.png.txt</c>, then <c>cat.txt</c>.</summary>
    public static IReadOnlyList<string> TextsFor(string picture) => [picture + TextEnding, Path.ChangeExtension(picture, TextEnding)];

    /// <summary>Which pictures a text may belong to.</summary>
    public static IReadOnlyList<string> PicturesFor(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var stem = text[..^TextEnding.Length];
        return IsPicture(stem) ? [stem] : [.. PictureEndings.SelectMany(ending => new[] { stem + ending, stem + ending.ToUpperInvariant() })];
    }
}
