using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>The formats that the extensions of output files name, by kind of job.</summary>
internal static class OutputFormats
{
    /// <summary>The extensions accepted, for messages.</summary>
    public static string AcceptedExtensions(JobKind kind) => kind == JobKind.Video ? VideoFormats.All.AcceptedExtensions : PictureFormats.Writable.AcceptedExtensions;

    /// <summary>The format that a path's extension names, or null.</summary>
    public static string? Of(JobKind kind, string path) =>
        kind == JobKind.Video
            ? VideoFormats.All.TryFromExtension(path, out var video) ? VideoFormats.All[video.Value].Name : null
            : PictureFormats.Writable.TryFromExtension(path, out var picture) ? PictureFormats.Writable[picture.Value].Name : null;

    /// <summary>Whether a file's format keeps transparency.</summary>
    public static bool KeepsAlpha(JobKind kind, string path) =>
        kind == JobKind.Video
            ? VideoFormats.All.TryFromExtension(path, out var video) && VideoFormats.All[video.Value].KeepsAlpha
            : PictureFormats.Writable.TryFromExtension(path, out var picture) && PictureFormats.Writable[picture.Value].KeepsAlpha;
}
