namespace Emu.Pipeline.Artifacts;

/// <summary>Content types by a file's ending.</summary>
public static class MediaTypes
{
    /// <summary>The content type for a name's ending; <c>application/octet-stream</c> for one that is not known.</summary>
    public static string OfName(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".mp4" => "video/mp4",
        ".webm" => "video/webm",
        ".mkv" => "video/x-matroska",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        ".png" => "image/png",
        ".apng" => "image/apng",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".bmp" => "image/bmp",
        ".json" => "application/json",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
