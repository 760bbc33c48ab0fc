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

    /// <summary>The extension of a file that was not named: that of the target's first format, or <c>.mp4</c> and <c>.png</c>.</summary>
    public static string UsualExtension(JobKind kind, string? target)
    {
        var name = StickerTargets.Find(target)?.Of(kind).Formats[0];
        return kind == JobKind.Video
            ? VideoFormats.All.TryParse(name, out var video) ? video.Value.Extension() : VideoFormat.Mp4.Extension()
            : PictureFormats.Writable.TryParse(name, out var picture) ? picture.Value.Extension() : PictureFormat.Png.Extension();
    }

    /// <summary>The extension of an edited picture that was not named: <c>.png</c>, or the picture's own if loss is accepted and it is JPEG or WebP.</summary>
    public static string EditedExtension(string picture, bool lossy) =>
        lossy && PictureFormats.Writable.TryFromExtension(picture, out var format) ? format.Value.Extension() : PictureFormat.Png.Extension();

    /// <summary>Whether a file's format keeps transparency.</summary>
    public static bool KeepsAlpha(JobKind kind, string path) =>
        kind == JobKind.Video
            ? VideoFormats.All.TryFromExtension(path, out var video) && VideoFormats.All[video.Value].KeepsAlpha
            : PictureFormats.Writable.TryFromExtension(path, out var picture) && PictureFormats.Writable[picture.Value].KeepsAlpha;
}
