using System.Runtime.CompilerServices;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Sheets;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestration;

namespace Emu.Pipeline.Stages;

/// <summary>
/// Frames to the files that were asked for. A video job's frames come as chunk files and become each format, a thumbnail and a
/// spritesheet; an image job's keyframe becomes each format. Where transparency is not asked for, the ground is white.
/// </summary>
public sealed class EncodeStage(FfmpegOptions? ffmpeg = null) : IStage
{
    private const string Revision = "encode-1";
    private const int SheetCells = 16;

    private readonly FrameChunkCodec _chunks = new(ffmpeg);
    private readonly VideoEncoder _videos = new(ffmpeg);
    private readonly PictureReader _reader = new();
    private readonly PictureWriter _writer = new();

    /// <summary>The formats a video can be made in, by the name they are asked for with.</summary>
    public static IReadOnlyDictionary<string, VideoFormat> VideoFormats { get; } = new Dictionary<string, VideoFormat>(StringComparer.Ordinal)
    {
        ["mp4"] = VideoFormat.Mp4,
        ["gif"] = VideoFormat.Gif,
        ["webp"] = VideoFormat.WebP,
        ["apng"] = VideoFormat.Apng,
        ["webm"] = VideoFormat.WebM,
    };

    /// <summary>The formats a picture can be made in, by the name they are asked for with.</summary>
    public static IReadOnlyDictionary<string, PictureFormat> ImageFormats { get; } = new Dictionary<string, PictureFormat>(StringComparer.Ordinal)
    {
        ["png"] = PictureFormat.Png,
        ["jpeg"] = PictureFormat.Jpeg,
        ["webp"] = PictureFormat.WebP,
    };

    /// <inheritdoc/>
    public string Name => StageNames.Encode;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new(Revision);

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Budget.Start();
        try
        {
            return StageOutcome.Done(run.Request.Kind == JobKind.Video
                ? await EncodeVideoAsync(run, cancellationToken)
                : await EncodeImageAsync(run, cancellationToken));
        }
        catch (Exception exception) when (exception is FfmpegMissingException or FrameSequenceException or InvalidPictureException)
        {
            var code = exception is FfmpegMissingException ? FailureCodes.Unsupported : FailureCodes.MissingInput;
            throw new ActivityFailedException(new ActivityFailure(code, exception.Message, false), exception);
        }
    }

    private static T FormatOf<T>(IReadOnlyDictionary<string, T> formats, string name) =>
        formats.TryGetValue(name, out var format)
            ? format
            : throw new ActivityFailedException(new ActivityFailure(FailureCodes.Unsupported, $"'{name}' is no format that can be encoded here. Formats: {string.Join(", ", formats.Keys)}.", false));

    private async Task<List<StageFile>> EncodeVideoAsync(StageRun run, CancellationToken cancellationToken)
    {
        var chunks = run.Inputs.Keys.Where(name => name.StartsWith(StageNames.Upsample + ".", StringComparison.Ordinal))
            .OrderBy(name => int.Parse(name.AsSpan(StageNames.Upsample.Length + 1), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var formats = run.Request.Formats.Select(name => (Name: name, Format: FormatOf(VideoFormats, name))).ToList();
        var files = new List<StageFile>();
        var frameCount = 0;
        foreach (var (name, format) in formats)
        {
            var encoding = new VideoEncoding
            {
                Format = format,
                FramesPerSecond = run.Request.FramesPerSecond,
                Transparent = run.Request.Transparent,
                FrameCount = frameCount > 0 ? frameCount : null,
            };
            files.Add(await run.WriteAsync(
                $"{StageFiles.Video}.{name}",
                async (stream, token) => frameCount = (await _videos.EncodeAsync(FramesAsync(run, chunks, token), encoding, stream, cancellationToken: token)).FrameCount,
                cancellationToken));
            await run.ReportAsync(files.Count, formats.Count + 1, cancellationToken);
        }

        files.AddRange(await StillsAsync(run, chunks, frameCount, cancellationToken));
        return files;
    }

    private async Task<IReadOnlyList<StageFile>> StillsAsync(StageRun run, IReadOnlyList<string> chunks, int frameCount, CancellationToken cancellationToken)
    {
        Picture? first = null;
        var sheet = await Spritesheet.CreateAsync(Watched(), frameCount, SheetLayout(run.Request.Size), cancellationToken);
        var thumbnail = Thumbnail.Of(run.Request.Transparent ? first! : first!.Over(PictureColor.White));
        return
        [
            await WriteAsync(run, StageFiles.Thumbnail, thumbnail, PictureFormat.WebP, cancellationToken),
            await WriteAsync(run, StageFiles.Spritesheet, sheet, PictureFormat.Jpeg, cancellationToken),
        ];

        async IAsyncEnumerable<Picture> Watched()
        {
            await foreach (var frame in FramesAsync(run, chunks, cancellationToken))
            {
                first ??= frame;
                yield return frame;
            }
        }
    }

    private async Task<List<StageFile>> EncodeImageAsync(StageRun run, CancellationToken cancellationToken)
    {
        Picture picture;
        await using (var stream = await run.OpenInputAsync(StageNames.Keyframe, StageFiles.KeyframePicture, cancellationToken))
        {
            picture = await _reader.ReadAsync(stream, cancellationToken);
        }

        picture = picture.Resized(run.Request.Size.Width, run.Request.Size.Height);
        if (!run.Request.Transparent)
        {
            picture = picture.Over(PictureColor.White);
        }

        var files = new List<StageFile>();
        foreach (var name in run.Request.Formats)
        {
            files.Add(await WriteAsync(run, $"{StageFiles.Image}.{name}", picture, FormatOf(ImageFormats, name), cancellationToken));
            await run.ReportAsync(files.Count, run.Request.Formats.Count, cancellationToken);
        }

        return files;
    }

    private async IAsyncEnumerable<Picture> FramesAsync(StageRun run, IReadOnlyList<string> chunks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var chunk in chunks)
        {
            await using var stream = await run.OpenInputAsync(chunk, StageFiles.FrameVideo, cancellationToken);
            await foreach (var frame in _chunks.ReadAsync(stream, cancellationToken: cancellationToken))
            {
                yield return frame;
            }
        }
    }

    private static SpritesheetLayout SheetLayout(FrameSize size)
    {
        const int LongerSide = 128;
        var scale = (double)LongerSide / Math.Max(size.Width, size.Height);
        return new SpritesheetLayout
        {
            Columns = 4,
            Rows = SheetCells / 4,
            CellWidth = Math.Max(1, (int)Math.Round(size.Width * scale)),
            CellHeight = Math.Max(1, (int)Math.Round(size.Height * scale)),
        };
    }

    private Task<StageFile> WriteAsync(StageRun run, string file, Picture picture, PictureFormat format, CancellationToken cancellationToken) =>
        run.WriteAsync(file, (stream, token) => _writer.WriteAsync(picture, stream, new PictureEncoding { Format = format }, token), cancellationToken);
}
