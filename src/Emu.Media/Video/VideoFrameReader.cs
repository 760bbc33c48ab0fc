using System.Runtime.CompilerServices;
using Emu.Media.Files;
using Emu.Media.Pictures;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Video;

/// <summary>Reads back the frames of a video written by <see cref="VideoEncoder"/>. Not meant for untrusted files.</summary>
/// <param name="options">Where ffmpeg is.</param>
public sealed class VideoFrameReader(FfmpegOptions? options = null)
{
    private readonly FfmpegOptions _options = options ?? new FfmpegOptions();

    /// <summary>Reads frames one after another, as RGBA; at most a few are held.</summary>
    /// <param name="source">The file; read once, not closed. It is copied into the temporary folder, since these formats are read with jumps.</param>
    /// <param name="format">Its format. Animated WebP cannot be read: ffmpeg 5.1 has no decoder for it.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="FfmpegMissingException">ffmpeg is not there.</exception>
    /// <exception cref="FfmpegException">The file is damaged or of another format.</exception>
    /// <exception cref="NotSupportedException">The format is animated WebP.</exception>
    public IAsyncEnumerable<Picture> ReadAsync(Stream source, VideoFormat format, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var arguments = format switch
        {
            VideoFormat.Mp4 => "-f mov -c:v h264",
            VideoFormat.Gif => "-f gif -c:v gif",
            VideoFormat.Apng => "-f apng -c:v apng",
            // ffmpeg's own VP9 decoder leaves the alpha layer out.
            VideoFormat.WebM => "-f matroska -c:v libvpx-vp9",
            VideoFormat.WebP => throw new NotSupportedException("ffmpeg cannot read animated WebP. Readable: MP4, GIF, animated PNG, WebM."),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a video format."),
        };
        return ReadAsync(source, $"reading {format}", arguments, cancellationToken);
    }

    private async IAsyncEnumerable<Picture> ReadAsync(Stream source, string doing, string arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var file = TemporaryFile.In(_options.TemporaryFolder);
        await using (var copy = File.Create(file.Path))
        {
            await source.CopyToAsync(copy, cancellationToken);
        }
        var decoding = new FrameDecoding { Options = _options, Doing = doing, InputArguments = arguments, WorkingFolder = file.Folder };
        await foreach (var frame in decoding.ReadAsync(file.Name, cancellationToken))
        {
            yield return frame;
        }
    }
}
