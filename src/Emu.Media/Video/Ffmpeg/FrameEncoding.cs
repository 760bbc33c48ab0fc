using System.Runtime.ExceptionServices;
using Emu.Media.Pictures;
using FFMpegCore.Arguments;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>Pipes frames into one ffmpeg process and tells whose fault a failure was.</summary>
internal sealed record FrameEncoding
{
    // Enough to make frames while ffmpeg starts, which takes a sixth of a second (the first time twice that), and few enough to hold.
    private const int BytesAhead = 32 << 20;
    private const int MostFramesAhead = 64;

    /// <summary>Where ffmpeg is.</summary>
    public required FfmpegOptions Options { get; init; }

    /// <summary>What is being done, for errors.</summary>
    public required string Doing { get; init; }

    /// <summary>Frames a second.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>The ground that frames are flattened on, or null to keep alpha.</summary>
    public PictureColor? Background { get; init; }

    /// <summary>How many frames there must be, or null.</summary>
    public int? FrameCount { get; init; }

    /// <summary>ffmpeg's output options, by the first frame.</summary>
    public required Func<Picture, string> Arguments { get; init; }

    /// <summary>The folder that the output's name is relative to.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>Encodes all frames into a file.</summary>
    /// <returns>How many frames there were, and the first.</returns>
    public Task<(int Count, Picture First)> RunAsync(
        IAsyncEnumerable<Picture> frames, string fileName, IProgress<int>? progress, CancellationToken cancellationToken) =>
        RunAsync(frames, _ => new OutputArgument(fileName), progress, cancellationToken);

    /// <summary>Encodes all frames into a stream.</summary>
    /// <returns>How many frames there were, and the first.</returns>
    public Task<(int Count, Picture First)> RunAsync(
        IAsyncEnumerable<Picture> frames, Stream destination, IProgress<int>? progress, CancellationToken cancellationToken) =>
        RunAsync(frames, abort => new OutputStreamArgument((output, token) => output.CopyToAsync(destination, token), abort), progress, cancellationToken);

    private async Task<(int Count, Picture First)> RunAsync(
        IAsyncEnumerable<Picture> frames, Func<CancellationTokenSource, IOutputArgument> createOutput, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        FfmpegInstallation.Locate(Options);
        using var stopFrames = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = frames.GetAsyncEnumerator(stopFrames.Token);
        if (!await source.MoveNextAsync())
        {
            throw new FrameSequenceException("There are no frames to encode.");
        }
        var first = source.Current;
        var ahead = Math.Clamp(BytesAhead / first.Samples.Length, 1, MostFramesAhead);
        await using var enumerator = ReadAhead.OfAsync(RestAsync(source), ahead, stopFrames.Token).GetAsyncEnumerator(stopFrames.Token);
        var pipe = new FramePipeSource(enumerator, first, FramesPerSecond, Background, FrameCount, progress, stopFrames, abort);
        var output = createOutput(abort);
        try
        {
            await FfmpegRunner.RunAsync(Options, Doing, new InputPipeArgument(pipe), string.Empty, output, Arguments(first), WorkingFolder, abort.Token);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(pipe.Failure ?? (output as OutputStreamArgument)?.Failure ?? exception);
        }
        return pipe.Completed
            ? (pipe.Count, first)
            : throw new FfmpegException(Doing, 0, [$"It stopped after {pipe.Count} frames, before the last."]);
    }

    private static async IAsyncEnumerable<Picture> RestAsync(IAsyncEnumerator<Picture> frames)
    {
        while (await frames.MoveNextAsync())
        {
            yield return frames.Current;
        }
    }
}
