using Emu.Media.Video;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>The formats that the extensions of output files name.</summary>
internal static class OutputFormats
{
    /// <summary>The extensions of videos, for messages.</summary>
    public const string VideoExtensions = Media.Video.VideoFormats.AcceptedExtensions;

    /// <summary>The extensions of pictures, for messages.</summary>
    public const string PictureExtensions = ".png, .jpg, .jpeg, .webp";

    /// <summary>The format that a path's extension names for a kind of job, or null.</summary>
    public static string? Of(JobKind kind, string path) => kind == JobKind.Video
        ? Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".MP4" => "mp4",
            ".GIF" => "gif",
            ".WEBP" => "webp",
            ".PNG" or ".APNG" => "apng",
            ".WEBM" => "webm",
            _ => null,
        }
        : Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => "png",
            ".JPG" or ".JPEG" => "jpeg",
            ".WEBP" => "webp",
            _ => null,
        };

    /// <summary>Whether a file's format keeps transparency.</summary>
    public static bool KeepsAlpha(JobKind kind, string path) => kind == JobKind.Video
        ? VideoFormats.TryFromExtension(path, out var format) && format.Value.KeepsAlpha()
        : Of(kind, path) != "jpeg";
}
