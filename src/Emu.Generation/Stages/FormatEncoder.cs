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

/// <summary>Encodes a job's frames or keyframe, at the size requested, to single formats. Without transparency the background is white.</summary>
internal sealed class FormatEncoder(FfmpegOptions? ffmpeg)
{
    private readonly FrameChunkCodec _chunks = new(ffmpeg);
    private readonly LimitedVideoEncoder _videos = new(ffmpeg);
    private readonly PictureReader _reader = new();
    private readonly PictureWriter _writer = new();
    private readonly LimitedPictureWriter _pictures = new(ffmpeg);

    /// <summary>Refuses formats that cannot be encoded here.</summary>
    /// <exception cref="ActivityFailedException">One is unknown.</exception>
    public static void Check(JobRequest request)
    {
        foreach (var name in request.Formats)
        {
            _ = request.Kind == JobKind.Video ? (object)FormatOf(VideoFormats.All, name) : FormatOf(PictureFormats.Writable, name);
        }
    }

    /// <summary>Runs an encoding, with what can go wrong in it as a stage's failure.</summary>
    public static async Task<StageOutcome> RunAsync(Func<Task<List<StageFile>>> encode)
    {
        try
        {
            return StageOutcome.Done(await encode());
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

    /// <summary>Encodes the frames to a format, within the request's limits; what they reduced is told in warnings.</summary>
    /// <param name="run">The run, which reads chunks of frames.</param>
    /// <param name="name">The format.</param>
    /// <param name="previews">Collects the frames as they pass, if they are to be collected.</param>
    /// <param name="frameCount">How many frames there are, if that is known.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<StageFile> VideoAsync(StageRun run, string name, VideoPreviews? previews, int? frameCount, CancellationToken cancellationToken)
    {
        var limits = FileLimits.Of(run.Request);
        var encoding = new VideoEncoding
        {
            Format = FormatOf(VideoFormats.All, name),
            FramesPerSecond = run.Request.FramesPerSecond,
            Transparent = run.Request.Transparent,
            AllowsPalette = limits.AllowsPalette,
        };
        LimitedVideo? made = null;
        var file = await run.WriteAsync(
            $"{StageFiles.Video}.{name}",
            async (stream, token) => made = await _videos.EncodeAsync(
                // Frames may be read several times; the previews are collected the first time.
                reading => previews is { FrameCount: 0 } ? previews.CollectAsync(FramesAsync(run, reading), reading) : FramesAsync(run, reading),
                frameCount,
                (run.Request.Size.Width, run.Request.Size.Height),
                encoding,
                limits.Limits,
                stream,
                token),
            cancellationToken);
        var video = made!.Video;
        await limits.WarnAsync(run, VideoFormats.All[encoding.Format].Title, video.Duration.TotalSeconds, made.Reductions, cancellationToken);
        return file with { Media = new MediaFacts(video.Width, video.Height, video.FrameCount, Math.Round(video.Duration.TotalSeconds, 3)) };
    }

    /// <summary>An image job's picture, from its keyframe.</summary>
    public async Task<Picture> PictureAsync(StageRun run, CancellationToken cancellationToken)
    {
        await using var stream = await run.OpenInputAsync(StageNames.Keyframe, StageFiles.KeyframePicture, cancellationToken);
        var picture = await _reader.ReadAsync(stream, cancellationToken);
        picture = picture.Resized(run.Request.Size.Width, run.Request.Size.Height);
        return run.Request.Transparent ? picture : picture.Over(PictureColor.White);
    }

    /// <summary>Encodes a picture to a format of image jobs, within the request's limits; what they reduced is told in warnings.</summary>
    public async Task<StageFile> ImageAsync(StageRun run, Picture picture, string name, CancellationToken cancellationToken)
    {
        var limits = FileLimits.Of(run.Request);
        var format = FormatOf(PictureFormats.Writable, name);
        LimitedPicture? made = null;
        var file = await run.WriteAsync(
            $"{StageFiles.Image}.{name}",
            async (stream, token) => made = await _pictures.WriteAsync(picture, new PictureEncoding { Format = format }, limits.Limits.MaximumBytes, limits.Limits.MinimumSide, stream, token),
            cancellationToken);
        await limits.WarnAsync(run, PictureFormats.All[format].Title, null, made!.Reductions, cancellationToken);
        return file with { Media = new MediaFacts(made.Width, made.Height, 1, null) };
    }

    /// <summary>Writes a picture.</summary>
    public Task<StageFile> WriteAsync(StageRun run, string file, Picture picture, PictureFormat format, CancellationToken cancellationToken) =>
        run.WriteAsync(file, (stream, token) => _writer.WriteAsync(picture, stream, new PictureEncoding { Format = format }, token), cancellationToken);

    private static TFormat FormatOf<TFormat>(FormatTable<TFormat> formats, string name)
        where TFormat : struct, Enum =>
        formats.TryParse(name, out var format)
            ? format.Value
            : throw new ActivityFailedException(new ActivityFailure(FailureCodes.Unsupported, $"'{name}' is not a format that can be encoded here. Formats: {string.Join(", ", formats.Names)}.", false));

    /// <summary>The job's frames, from their chunks.</summary>
    public async IAsyncEnumerable<Picture> FramesAsync(StageRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunks = run.Inputs.Keys.Where(name => name.StartsWith(StageNames.Upsample + ".", StringComparison.Ordinal))
            .OrderBy(name => int.Parse(name.AsSpan(StageNames.Upsample.Length + 1), System.Globalization.CultureInfo.InvariantCulture));
        foreach (var chunk in chunks)
        {
            await using var stream = await run.OpenInputAsync(chunk, StageFiles.FrameVideo, cancellationToken);
            await foreach (var frame in _chunks.ReadAsync(stream, cancellationToken: cancellationToken))
            {
                yield return frame;
            }
        }
    }
}
