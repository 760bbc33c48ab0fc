using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Emu.Media.Pictures;
using FFMpegCore.Arguments;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>Decodes a video frame by frame. ffmpeg waits for the reader, and is killed when the reading stops early.</summary>
internal sealed record FrameDecoding
{
    /// <summary>Frames decoded ahead of the reader.</summary>
    private const int Ahead = 2;

    private const string PamFrames = "-an -sn -dn -fps_mode passthrough -c:v pam -pix_fmt rgba -f image2pipe";

    /// <summary>Where ffmpeg is.</summary>
    public required FfmpegOptions Options { get; init; }

    /// <summary>What is being done, for errors.</summary>
    public required string Doing { get; init; }

    /// <summary>Names the demuxer and the decoder.</summary>
    public required string InputArguments { get; init; }

    /// <summary>The folder that a file's name is relative to.</summary>
    public string WorkingFolder { get; init; } = Path.GetTempPath();

    /// <summary>Decodes all frames of a stream.</summary>
    public IAsyncEnumerable<Picture> ReadAsync(Func<CancellationTokenSource, StreamSource> createSource, CancellationToken cancellationToken) =>
        ReadAsync(
            abort =>
            {
                var source = createSource(abort);
                return (new InputPipeArgument(source), () => source.Failure);
            },
            cancellationToken);

    /// <summary>Decodes all frames of a file in the working folder, whose name needs no quoting.</summary>
    public IAsyncEnumerable<Picture> ReadAsync(string fileName, CancellationToken cancellationToken) =>
        ReadAsync(_ => (new InputArgument(fileName, verifyExists: false), () => null), cancellationToken);

    private async IAsyncEnumerable<Picture> ReadAsync(
        Func<CancellationTokenSource, (IInputArgument Input, Func<Exception?> Failure)> createInput, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var frames = Channel.CreateBounded<Picture>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        var (input, inputFailure) = createInput(abort);
        var run = RunAsync(input, inputFailure, frames.Writer, abort, cancellationToken);
        try
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(cancellationToken))
            {
                yield return frame;
            }
        }
        finally
        {
            await abort.CancelAsync();
            await run;
        }
    }

    /// <summary>Never fails: an error is handed to the reader through the channel.</summary>
    private async Task RunAsync(
        IInputArgument input, Func<Exception?> inputFailure, ChannelWriter<Picture> frames, CancellationTokenSource abort, CancellationToken cancellationToken)
    {
        var output = new OutputStreamArgument((stream, token) => PamReader.ReadAllAsync(stream, frames, token), abort);
        try
        {
            var complaints = await FfmpegRunner.RunAsync(
                Options, Doing, input, $"-xerror {InputArguments}", output, PamFrames, WorkingFolder, abort.Token);
            // ffmpeg hides damage (a checksum that does not fit) behind the frame before it, says so, and succeeds.
            frames.Complete(complaints.Count == 0 ? null : new FfmpegException(Doing, 0, complaints));
        }
        catch (Exception exception)
        {
            frames.Complete(cancellationToken.IsCancellationRequested
                ? new OperationCanceledException(cancellationToken)
                : inputFailure() ?? output.Failure ?? exception);
        }
    }
}
