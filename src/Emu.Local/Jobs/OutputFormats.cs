namespace Emu.Local.Jobs;

/// <summary>Which format a file's extension names, as jobs call formats.</summary>
internal static class OutputFormats
{
    /// <summary>The extensions that name a video's format, for messages.</summary>
    public const string VideoExtensions = Media.Video.VideoFormats.AcceptedExtensions;

    /// <summary>The extensions that name a picture's format, for messages.</summary>
    public const string PictureExtensions = ".png, .jpg, .jpeg, .webp";

    /// <summary>The format of a video; null if the extension names none. <c>.png</c> is an animated PNG.</summary>
    public static string? OfVideo(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".MP4" => "mp4",
        ".GIF" => "gif",
        ".WEBP" => "webp",
        ".PNG" or ".APNG" => "apng",
        ".WEBM" => "webm",
        _ => null,
    };

    /// <summary>The format of a picture; null if the extension names none.</summary>
    public static string? OfPicture(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PNG" => "png",
        ".JPG" or ".JPEG" => "jpeg",
        ".WEBP" => "webp",
        _ => null,
    };
}
