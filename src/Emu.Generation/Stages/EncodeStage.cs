using System.Runtime.CompilerServices;
using Emu.Durable.Abstractions;
using Emu.Media.Codecs;
using Emu.Media.Formats;
using Emu.Media.Limits;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>
/// Encodes frames to the files and the size requested. A video job's frames come as chunk files and become each
/// format, a thumbnail and a spritesheet; an image job's keyframe becomes each format. Without transparency the background is white.
/// What a target or a limit of bytes reduced is told in warnings.
/// </summary>
public sealed class EncodeStage(FfmpegOptions? ffmpeg = null) : IStage
{
    private const string Revision = "encode-3";

    private readonly FrameChunkCodec _chunks = new(ffmpeg);
    private readonly LimitedVideoEncoder _videos = new(ffmpeg);
    private readonly PictureReader _reader = new();
    private readonly PictureWriter _writer = new();
    private readonly LimitedPictureWriter _pictures = new(ffmpeg);

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
        catch (SizeLimitException exception)
        {
            throw new ActivityFailedException(new ActivityFailure(FailureCodes.TooLarge, exception.Message, false), exception);
        }
        catch (Exception exception) when (exception is FfmpegMissingException or FrameSequenceException or InvalidPictureException)
        {
            var code = exception is FfmpegMissingException ? FailureCodes.Unsupported : FailureCodes.MissingInput;
            throw new ActivityFailedException(new ActivityFailure(code, exception.Message, false), exception);
        }
    }

    private static TFormat FormatOf<TFormat>(FormatTable<TFormat> formats, string name)
        where TFormat : struct, Enum =>
        formats.TryParse(name, out var format)
            ? format.Value
            : throw new ActivityFailedException(new ActivityFailure(FailureCodes.Unsupported, $"'{name}' is not a format that can be encoded here. Formats: {string.Join(", ", formats.Names)}.", false));

    private async Task<List<StageFile>> EncodeVideoAsync(StageRun run, CancellationToken cancellationToken)
    {
        var chunks = run.Inputs.Keys.Where(name => name.StartsWith(StageNames.Upsample + ".", StringComparison.Ordinal))
            .OrderBy(name => int.Parse(name.AsSpan(StageNames.Upsample.Length + 1), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var formats = run.Request.Formats.Select(name => (Name: name, Format: FormatOf(VideoFormats.All, name))).ToList();
        var previews = new VideoPreviews(run.Request.Size, run.Request.Transparent);
        var files = new List<StageFile>();
        var limits = FileLimits.Of(run.Request);
        foreach (var (name, format) in formats)
        {
            var encoding = new VideoEncoding
            {
                Format = format,
                FramesPerSecond = run.Request.FramesPerSecond,
                Transparent = run.Request.Transparent,
                AllowsPalette = limits.AllowsPalette,
            };
            LimitedVideo? made = null;
            var file = await run.WriteAsync(
                $"{StageFiles.Video}.{name}",
                async (stream, token) => made = await _videos.EncodeAsync(
                    // The previews are collected while the frames are read for the first time.
                    reading => previews.FrameCount == 0 ? previews.CollectAsync(FramesAsync(run, chunks, reading), reading) : FramesAsync(run, chunks, reading),
                    previews.FrameCount == 0 ? null : previews.FrameCount,
                    (run.Request.Size.Width, run.Request.Size.Height),
                    encoding,
                    limits.Limits,
                    stream,
                    token),
                cancellationToken);
            var video = made!.Video;
            files.Add(file with { Media = new MediaFacts(video.Width, video.Height, video.FrameCount, Math.Round(video.Duration.TotalSeconds, 3)) });
            await limits.WarnAsync(run, VideoFormats.All[format].Title, video.Duration.TotalSeconds, made.Reductions, cancellationToken);
            await run.ReportAsync(files.Count, formats.Count + 1, cancellationToken);
        }

        files.Add(await WriteAsync(run, StageFiles.Thumbnail, previews.Thumbnail(), PictureFormat.WebP, cancellationToken));
        files.Add(await WriteAsync(run, StageFiles.Spritesheet, await previews.SheetAsync(cancellationToken), PictureFormat.Jpeg, cancellationToken));
        return files;
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
        var limits = FileLimits.Of(run.Request);
        foreach (var (name, format) in run.Request.Formats.Select(name => (name, FormatOf(PictureFormats.Writable, name))))
        {
            LimitedPicture? made = null;
            var file = await run.WriteAsync(
                $"{StageFiles.Image}.{name}",
                async (stream, token) => made = await _pictures.WriteAsync(picture, new PictureEncoding { Format = format }, limits.Limits.MaximumBytes, limits.Limits.MinimumSide, stream, token),
                cancellationToken);
            files.Add(file with { Media = new MediaFacts(made!.Width, made.Height, 1, null) });
            await limits.WarnAsync(run, PictureFormats.All[format].Title, null, made.Reductions, cancellationToken);
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

    private Task<StageFile> WriteAsync(StageRun run, string file, Picture picture, PictureFormat format, CancellationToken cancellationToken) =>
        run.WriteAsync(file, (stream, token) => _writer.WriteAsync(picture, stream, new PictureEncoding { Format = format }, token), cancellationToken);
}
