using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>Encodes edited pictures in other formats than their lossless PNG, or in a size that was asked for.</summary>
internal static class EditEncoder
{
    private const int Quality = 92;

    /// <summary>Encodes the formats of a job. The PNG is there already, unless a size was asked for.</summary>
    public static async Task<List<StageFile>> EncodeAsync(StageRun run, CancellationToken cancellationToken)
    {
        var lossless = PictureFormats.Writable[PictureFormat.Png].Name;
        var formats = run.Request.Formats.Where(format => format != lossless || run.Request.Edit is { Fits: true }).ToList();
        var files = new List<StageFile>();
        if (formats.Count > 0)
        {
            var picture = await ReadAsync(run, cancellationToken);
            foreach (var format in formats)
            {
                files.Add(await EncodeAsync(run, picture, format, cancellationToken));
                await run.ReportAsync(files.Count, formats.Count, cancellationToken);
            }
        }

        return files;
    }

    /// <summary>The edited picture, fitted into the size that was asked for, if one was.</summary>
    public static async Task<SourcePicture> ReadAsync(StageRun run, CancellationToken cancellationToken)
    {
        await using var stream = await run.OpenInputAsync(StageNames.Composite, $"{StageFiles.Image}.png", cancellationToken);
        var picture = await new SourcePictureReader(SourcePictureReader.DefaultLimits with { MinimumSide = 1 }).ReadAsync(stream, cancellationToken);
        if (run.Request.Edit is not { Fits: true })
        {
            return picture;
        }

        var size = run.Request.Size;
        var scale = Math.Min((double)size.Width / picture.Width, (double)size.Height / picture.Height);
        var (width, height) = (Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        return SourcePicture.From(picture.ToPicture().Resized(width, height), picture.Metadata);
    }

    /// <summary>Encodes a picture to a format.</summary>
    public static async Task<StageFile> EncodeAsync(StageRun run, SourcePicture picture, string name, CancellationToken cancellationToken)
    {
        _ = PictureFormats.Writable.TryParse(name, out var format);
        var encoding = new SourceEncoding(new PictureEncoding { Format = format!.Value, Quality = Quality });
        var file = await run.WriteAsync($"{StageFiles.Image}.{name}", (stream, token) => new SourcePictureWriter().WriteAsync(picture, stream, encoding, token), cancellationToken);
        return file with { Media = new MediaFacts(picture.Width, picture.Height, 1, null) };
    }
}
