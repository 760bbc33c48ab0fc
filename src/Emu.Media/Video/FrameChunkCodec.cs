using System.Runtime.CompilerServices;
using Emu.Media.Pictures;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Video;

/// <summary>
/// Chunk files: frames between two stages, lossless, one file a chunk. FFV1 (BGRA, straight alpha) in Matroska. Frames come back
/// bit-identical, also colour under alpha 0, and (from 32 pixels a side) carry checksums.
/// </summary>
/// <param name="options">Where ffmpeg is and how it runs.</param>
public sealed class FrameChunkCodec(FfmpegOptions? options = null)
{
    /// <summary>The extension of chunk files.</summary>
    public const string Extension = ".mkv";

    /// <summary>The media type of chunk files.</summary>
    public const string MediaType = "video/x-matroska";

    private readonly FfmpegOptions _options = options ?? new FfmpegOptions();

    /// <summary>Writes frames into a stream as they come. The same frames give the same bytes.</summary>
    /// <param name="frames">The frames, all of one size; read once, in order.</param>
    /// <param name="framesPerSecond">Frames a second, stored in the file.</param>
    /// <param name="destination">Where the chunk is written; not closed. After an error it holds part of a chunk.</param>
    /// <param name="frameCount">How many frames there must be, or null.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <returns>How many frames were written.</returns>
    /// <exception cref="FfmpegMissingException">ffmpeg is not there.</exception>
    /// <exception cref="FfmpegException">ffmpeg failed.</exception>
    /// <exception cref="FrameSequenceException">There are no frames, they differ in size, or not as many came as announced.</exception>
    public async Task<int> WriteAsync(
        IAsyncEnumerable<Picture> frames, double framesPerSecond, Stream destination, int? frameCount = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(framesPerSecond);
        var run = new FrameEncoding
        {
            Options = _options,
            Doing = "writing a chunk of frames",
            FramesPerSecond = framesPerSecond,
            FrameCount = frameCount,
            Arguments = first => EncoderArguments.ForFrameChunk(first.Width, first.Height, _options.Threads),
            WorkingFolder = _options.TemporaryFolder,
        };
        var (count, _) = await run.RunAsync(frames, destination, progress: null, cancellationToken);
        return count;
    }

    /// <summary>Reads a chunk's frames one after another; at most a few are held.</summary>
    /// <param name="source">The chunk; read once, from where it stands, not closed.</param>
    /// <param name="frameCount">How many frames there must be, or null.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="FfmpegMissingException">ffmpeg is not there.</exception>
    /// <exception cref="FfmpegException">The file is damaged or is not a chunk.</exception>
    /// <exception cref="FrameSequenceException">The chunk holds another number of frames.</exception>
    public async IAsyncEnumerable<Picture> ReadAsync(
        Stream source, int? frameCount = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var count = 0;
        var decoding = new FrameDecoding { Options = _options, Doing = "reading a chunk of frames", InputArguments = "-f matroska -c:v ffv1 -err_detect crccheck" };
        var frames = decoding.ReadAsync(abort => new StreamSource(source, abort), cancellationToken);
        await foreach (var frame in frames)
        {
            if (count == frameCount)
            {
                throw new FrameSequenceException($"The chunk should hold {frameCount} frames; it holds more.");
            }
            count++;
            yield return frame;
        }
        if (count != (frameCount ?? count))
        {
            throw new FrameSequenceException($"The chunk should hold {frameCount} frames; it holds {count}.");
        }
    }
}

/// <summary>The frames do not make a video: there are none, they differ in size, or another number came than was announced.</summary>
/// <param name="message">What is wrong with them.</param>
public sealed class FrameSequenceException(string message) : Exception(message);
