using Emu.Media.Files;
using Emu.Media.Limits;
using Emu.Media.Pictures;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Video;

/// <summary>How frames become a video file. Animated formats repeat for ever.</summary>
public sealed record VideoEncoding
{
    private readonly double _framesPerSecond = 16;
    private readonly int? _frameCount;

    /// <summary>The format.</summary>
    public required VideoFormat Format { get; init; }

    /// <summary>Frames a second, above 0, at most 240. 16 by default. GIF rounds each frame's time to 1/100 s (the sum stays right).</summary>
    public double FramesPerSecond
    {
        get => _framesPerSecond;
        init => _framesPerSecond = value is > 0 and <= 240
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Frames a second must be above 0 and at most 240.");
    }

    /// <summary>Keep transparency where the format can (<see cref="VideoFormats.KeepsAlpha"/>). Else, and by default, the ground is <see cref="Background"/>.</summary>
    public bool Transparent { get; init; }

    /// <summary>The ground where transparency is not kept; its own alpha is ignored. White by default.</summary>
    public PictureColor Background { get; init; } = PictureColor.White;

    /// <summary>How many frames there must be; another number is an error and no file is left. Null: any number.</summary>
    public int? FrameCount
    {
        get => _frameCount;
        init => _frameCount = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A video has at least one frame.");
    }

    /// <summary>Whether an APNG of few colours may have a palette; else its pixels are written in full. True by default.</summary>
    public bool AllowsPalette { get; init; } = true;

    /// <summary>How much of the frames is kept.</summary>
    internal VideoFidelity Fidelity { get; init; } = VideoFidelity.Usual;

    /// <summary>Whether alpha reaches the file.</summary>
    public bool KeepsAlpha => Transparent && Format.KeepsAlpha();
}

/// <summary>What was written.</summary>
/// <param name="FrameCount">Frames that went in.</param>
/// <param name="Duration">Frames over frames a second.</param>
/// <param name="Width">Width of the frames in pixels (H.264 adds a column to an odd width).</param>
/// <param name="Height">Height of the frames in pixels (H.264 adds a row to an odd height).</param>
/// <param name="Length">Size of the file in bytes.</param>
public sealed record EncodedVideo(int FrameCount, TimeSpan Duration, int Width, int Height, long Length);

/// <summary>
/// Encodes frames to a video file with ffmpeg. Frames are piped in as they come; the file appears whole, under its name, at the
/// end, and not at all after an error or cancellation (which kills ffmpeg).
/// </summary>
/// <param name="options">Where ffmpeg is and how it runs.</param>
public sealed class VideoEncoder(FfmpegOptions? options = null)
{
    private readonly FfmpegOptions _options = options ?? new FfmpegOptions();

    /// <summary>Encodes to a file, replacing one that is there.</summary>
    /// <param name="frames">The frames, all of one size; read once, in order.</param>
    /// <param name="encoding">Format, rate and ground.</param>
    /// <param name="path">The file; its extension does not matter.</param>
    /// <param name="progress">Told the number of frames that ffmpeg has taken.</param>
    /// <param name="cancellationToken">Kills ffmpeg; no file is left.</param>
    /// <exception cref="FfmpegMissingException">ffmpeg is not there.</exception>
    /// <exception cref="FfmpegException">ffmpeg failed.</exception>
    /// <exception cref="FrameSequenceException">There are no frames, they differ in size, or not as many came as announced.</exception>
    public async Task<EncodedVideo> EncodeAsync(
        IAsyncEnumerable<Picture> frames,
        VideoEncoding encoding,
        string path,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var file = TemporaryFile.For(path);
        var video = await EncodeAsync(frames, encoding, file, progress, cancellationToken);
        file.Keep();
        return video;
    }

    /// <inheritdoc cref="EncodeAsync(IAsyncEnumerable{Picture}, VideoEncoding, string, IProgress{int}?, CancellationToken)"/>
    public Task<EncodedVideo> EncodeAsync(
        IEnumerable<Picture> frames,
        VideoEncoding encoding,
        string path,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        EncodeAsync(frames.ToAsyncEnumerable(), encoding, path, progress, cancellationToken);

    /// <summary>Encodes into a stream. The video is finished in a temporary file first, because its index stands before its frames.</summary>
    /// <param name="frames">The frames, all of one size; read once, in order.</param>
    /// <param name="encoding">Format, rate and ground.</param>
    /// <param name="destination">Where the video is written; not closed, and untouched unless encoding succeeds.</param>
    /// <param name="progress">Told the number of frames that ffmpeg has taken.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <inheritdoc cref="EncodeAsync(IAsyncEnumerable{Picture}, VideoEncoding, string, IProgress{int}?, CancellationToken)" path="/exception"/>
    public async Task<EncodedVideo> EncodeAsync(
        IAsyncEnumerable<Picture> frames,
        VideoEncoding encoding,
        Stream destination,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var file = TemporaryFile.In(_options.TemporaryFolder);
        var video = await EncodeAsync(frames, encoding, file, progress, cancellationToken);
        await using var content = File.OpenRead(file.Path);
        await content.CopyToAsync(destination, cancellationToken);
        return video;
    }

    /// <summary>Encodes to a temporary file, which stays the caller's.</summary>
    internal async Task<EncodedVideo> EncodeAsync(
        IAsyncEnumerable<Picture> frames, VideoEncoding encoding, TemporaryFile file, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(encoding);
        var run = new FrameEncoding
        {
            Options = _options,
            Doing = $"encoding {encoding.Format}",
            FramesPerSecond = encoding.FramesPerSecond,
            Background = encoding.KeepsAlpha ? null : encoding.Background,
            FrameCount = encoding.FrameCount,
            Arguments = frame => EncoderArguments.For(encoding, frame.Width, frame.Height, _options.Threads),
            WorkingFolder = file.Folder,
        };
        var (count, first) = await run.RunAsync(FrameSteadying.For(encoding)?.ApplyAsync(frames, cancellationToken) ?? frames, file.Name, progress, cancellationToken);
        return new EncodedVideo(count, TimeSpan.FromSeconds(count / encoding.FramesPerSecond), first.Width, first.Height, new FileInfo(file.Path).Length);
    }
}
