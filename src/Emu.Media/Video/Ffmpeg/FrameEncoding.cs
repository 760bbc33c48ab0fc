using System.Runtime.ExceptionServices;
using Emu.Media.Pictures;
using FFMpegCore.Arguments;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>Pipes frames into one ffmpeg process and tells whose fault a failure was.</summary>
internal static class FrameEncoding
{
    /// <summary>Encodes all frames.</summary>
    /// <returns>How many frames there were, and the first.</returns>
    public static async Task<(int Count, Picture First)> RunAsync(
        FfmpegOptions options,
        string doing,
        IAsyncEnumerable<Picture> frames,
        double framesPerSecond,
        PictureColor? background,
        int? expectedCount,
        Func<Picture, string> outputArguments,
        IOutputArgument output,
        string workingFolder,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        FfmpegInstallation.Locate(options);
        using var stopFrames = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var enumerator = frames.GetAsyncEnumerator(stopFrames.Token);
        if (!await enumerator.MoveNextAsync().ConfigureAwait(false))
        {
            throw new FrameSequenceException("There are no frames to encode.");
        }
        var first = enumerator.Current;
        var source = new FramePipeSource(enumerator, first, framesPerSecond, background, expectedCount, progress, stopFrames, abort);
        try
        {
            await FfmpegRunner.RunAsync(options, doing, source, output, outputArguments(first), workingFolder, abort.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException) when (source.Failure is not null)
        {
            ExceptionDispatchInfo.Throw(source.Failure);
        }
        return source.Completed
            ? (source.Count, first)
            : throw new FfmpegException(doing, 0, [$"It stopped after {source.Count} frames, before the last."]);
    }
}
