using Emu.Media.Files;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Limits;

/// <summary>What a video may be at most. Null is no limit.</summary>
public sealed record VideoLimits
{
    /// <summary>The most bytes.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>The longest time in seconds. A longer clip is played faster, so that a loop stays a loop.</summary>
    public double? MaximumSeconds { get; init; }

    /// <summary>The most frames a second; frames that are too many are left out evenly.</summary>
    public double? MaximumFrameRate { get; init; }

    /// <summary>The most frames; those that are too many are left out evenly.</summary>
    public int? MaximumFrames { get; init; }

    /// <summary>The smallest longer side, in pixels, that a file may be reduced to; 32 by default.</summary>
    public int MinimumSide { get; init; } = 32;

    /// <summary>Whether anything is limited, so that the number of frames must be known before the first is encoded.</summary>
    internal bool AreSet => MaximumBytes is not null || MaximumSeconds is not null || MaximumFrameRate is not null || MaximumFrames is not null;
}

/// <summary>A video that was written within limits.</summary>
/// <param name="Video">What was written.</param>
/// <param name="Reductions">What was given up for it, in words: <c>a lower quality</c>, <c>64 colours</c>. Empty if nothing was.</param>
/// <param name="Attempts">How many times the clip was encoded.</param>
public sealed record LimitedVideo(EncodedVideo Video, IReadOnlyList<string> Reductions, int Attempts);

/// <summary>
/// Encodes a clip within limits. What is too large is reduced in quality, colours, frame rate and size, in this order. The same
/// frames and limits give the same bytes.
/// </summary>
/// <param name="options">Where ffmpeg is and how it runs.</param>
public sealed class LimitedVideoEncoder(FfmpegOptions? options = null)
{
    private readonly FfmpegOptions _options = options ?? new FfmpegOptions();
    private readonly VideoEncoder _encoder = new(options);

    /// <summary>Encodes into a stream.</summary>
    /// <param name="read">Reads the clip's frames, from the first; called once for every attempt.</param>
    /// <param name="frameCount">How many frames there are; null if that is not known. Limits need it: the frames are read once more then.</param>
    /// <param name="size">Width and height wanted, in pixels; frames are resized to it.</param>
    /// <param name="encoding">Format, rate and ground; its frame count is not used.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="destination">Where the video is written; not closed, and untouched unless encoding succeeds.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="SizeLimitException">It cannot be made small enough.</exception>
    /// <inheritdoc cref="VideoEncoder.EncodeAsync(IAsyncEnumerable{Picture}, VideoEncoding, Stream, IProgress{int}?, CancellationToken)" path="/exception"/>
    public async Task<LimitedVideo> EncodeAsync(
        Func<CancellationToken, IAsyncEnumerable<Picture>> read,
        int? frameCount,
        (int Width, int Height) size,
        VideoEncoding encoding,
        VideoLimits limits,
        Stream destination,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(destination);
        var count = frameCount ?? (limits.AreSet ? await read(cancellationToken).CountAsync(cancellationToken) : null);
        if (count is < 1)
        {
            throw new FrameSequenceException("There are no frames to encode.");
        }
        var steps = VideoSteps.For(encoding, count ?? 1, size.Width, size.Height, limits);
        if (limits.MaximumBytes is not { } maximum)
        {
            var whole = await _encoder.EncodeAsync(
                steps[0].ChooseAsync(read(cancellationToken), cancellationToken), count is null ? encoding : Encoding(steps[0]), destination, cancellationToken: cancellationToken);
            return new LimitedVideo(whole, [], 1);
        }

        var (best, video) = ((TemporaryFile?)null, (EncodedVideo?)null);
        try
        {
            var (found, attempts, smallest) = await SizeSearch.FindAsync([.. steps.Select(step => step.EstimatedBytes)], maximum, async index =>
            {
                var file = TemporaryFile.In(_options.TemporaryFolder);
                var tried = await TryAsync(file, steps[index]);
                if (tried.Length <= maximum)
                {
                    best?.Dispose();
                    (best, video) = (file, tried);
                }
                else
                {
                    file.Dispose();
                }
                return tried.Length;
            });
            if (found is not { } step)
            {
                throw new SizeLimitException(VideoFormats.All[encoding.Format].Title, maximum, smallest, steps[^1].ComparedWith(steps[0]));
            }
            await using var content = File.OpenRead(best!.Path);
            await content.CopyToAsync(destination, cancellationToken);
            return new LimitedVideo(video!, steps[step].ComparedWith(steps[0]), attempts);
        }
        finally
        {
            best?.Dispose();
        }

        VideoEncoding Encoding(VideoStep step) => encoding with
        {
            FramesPerSecond = step.FrameRate,
            FrameCount = (count + step.Stride - 1) / step.Stride,
            Fidelity = step.Fidelity,
        };

        async Task<EncodedVideo> TryAsync(TemporaryFile file, VideoStep step)
        {
            try
            {
                return await _encoder.EncodeAsync(step.ChooseAsync(read(cancellationToken), cancellationToken), Encoding(step), file, progress: null, cancellationToken);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
    }
}
