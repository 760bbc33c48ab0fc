using System.Runtime.CompilerServices;
using Emu.Durable.Abstractions;
using Emu.Media.Codecs;
using Emu.Media.Formats;
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
    private readonly VideoEncoder _videos = new(ffmpeg);
    private readonly PictureReader _reader = new();
    private readonly PictureWriter _writer = new();

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
        catch (Exception exception) when (exception is FfmpegMissingException or FrameSequenceException or InvalidPictureException)
        {
            var code = exception is FfmpegMissingException ? FailureCodes.Unsupported : FailureCodes.MissingInput;
            throw new ActivityFailedException(new ActivityFailure(code, exception.Message, false), exception);
        }
    }

    /// <summary>Encodes the frames to a format.</summary>
    /// <param name="run">The run, which reads chunks of frames.</param>
    /// <param name="name">The format.</param>
    /// <param name="previews">Collects the frames as they pass, if they are to be collected.</param>
    /// <param name="frameCount">How many frames there are, if that is known.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<StageFile> VideoAsync(StageRun run, string name, VideoPreviews? previews, int? frameCount, CancellationToken cancellationToken)
    {
        var encoding = new VideoEncoding
        {
            Format = FormatOf(VideoFormats.All, name),
            FramesPerSecond = run.Request.FramesPerSecond,
            Transparent = run.Request.Transparent,
            FrameCount = frameCount,
        };
        return run.WriteAsync(
            $"{StageFiles.Video}.{name}",
            (stream, token) => _videos.EncodeAsync(
                ResizeAsync(previews is null ? FramesAsync(run, token) : previews.CollectAsync(FramesAsync(run, token), token), run.Request.Size, token), encoding, stream, cancellationToken: token),
            cancellationToken);
    }

    /// <summary>An image job's picture, from its keyframe.</summary>
    public async Task<Picture> PictureAsync(StageRun run, CancellationToken cancellationToken)
    {
        await using var stream = await run.OpenInputAsync(StageNames.Keyframe, StageFiles.KeyframePicture, cancellationToken);
        var picture = await _reader.ReadAsync(stream, cancellationToken);
        picture = picture.Resized(run.Request.Size.Width, run.Request.Size.Height);
        return run.Request.Transparent ? picture : picture.Over(PictureColor.White);
    }

    /// <summary>Encodes a picture to a format of image jobs.</summary>
    public Task<StageFile> ImageAsync(StageRun run, Picture picture, string name, CancellationToken cancellationToken) =>
        WriteAsync(run, $"{StageFiles.Image}.{name}", picture, FormatOf(PictureFormats.Writable, name), cancellationToken);

    /// <summary>Writes a picture.</summary>
    public Task<StageFile> WriteAsync(StageRun run, string file, Picture picture, PictureFormat format, CancellationToken cancellationToken) =>
        run.WriteAsync(file, (stream, token) => _writer.WriteAsync(picture, stream, new PictureEncoding { Format = format }, token), cancellationToken);

    private static TFormat FormatOf<TFormat>(FormatTable<TFormat> formats, string name)
        where TFormat : struct, Enum =>
        formats.TryParse(name, out var format)
            ? format.Value
            : throw new ActivityFailedException(new ActivityFailure(FailureCodes.Unsupported, $"'{name}' is not a format that can be encoded here. Formats: {string.Join(", ", formats.Names)}.", false));

    private async IAsyncEnumerable<Picture> FramesAsync(StageRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
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

    private static async IAsyncEnumerable<Picture> ResizeAsync(IAsyncEnumerable<Picture> frames, FrameSize size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PictureResizer? resizer = null;
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            resizer ??= new PictureResizer(frame.Width, frame.Height, size.Width, size.Height);
            yield return resizer.Resize(frame);
        }
    }
}
