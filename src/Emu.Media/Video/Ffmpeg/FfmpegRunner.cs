using FFMpegCore;
using FFMpegCore.Arguments;
using FFMpegCore.Exceptions;
using FFMpegCore.Pipes;
using Instances.Exceptions;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>Runs one ffmpeg process on a pipe. Cancelled, it is killed at once; when the task ends, the process has.</summary>
internal static class FfmpegRunner
{
    /// <summary>FFMpegCore's pipes are Unix sockets, or named pipes, which ffmpeg opens as files, on Windows. Nothing else may be opened.</summary>
    private static readonly string PipeProtocol = OperatingSystem.IsWindows() ? "file" : "unix";

    // Otherwise FFMpegCore would read ffmpeg.config.json from whatever folder the process happens to be in.
    static FfmpegRunner() => GlobalFFOptions.Configure(new FFOptions());

    /// <summary>Runs ffmpeg to its end.</summary>
    /// <param name="options">Where ffmpeg is.</param>
    /// <param name="doing">What is being done, for errors.</param>
    /// <param name="source">Writes the input; names its demuxer.</param>
    /// <param name="output">The output.</param>
    /// <param name="outputArguments">Options of the output; fixed text only, never anything of a user's.</param>
    /// <param name="workingFolder">The folder that the output's name is relative to.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="FfmpegMissingException">ffmpeg is not there.</exception>
    /// <exception cref="FfmpegException">ffmpeg failed.</exception>
    public static async Task RunAsync(
        FfmpegOptions options,
        string doing,
        IPipeSource source,
        IOutputArgument output,
        string outputArguments,
        string workingFolder,
        CancellationToken cancellationToken)
    {
        var ffmpeg = FfmpegInstallation.Locate(options);
        var processor = FFMpegArguments
            .FromPipeInput(source, input => input.WithCustomArgument($"-hide_banner -nostdin -nostats -v error -protocol_whitelist {PipeProtocol}"))
            .OutputTo(output, arguments => arguments.WithCustomArgument(outputArguments))
            .CancellableThrough(out var cancel, TimeSpan.Zero);
        await using var registration = cancellationToken.Register(() => Kill(cancel)).ConfigureAwait(false);
        var settings = new FFOptions
        {
            BinaryFolder = Path.GetDirectoryName(ffmpeg)!,
            WorkingDirectory = workingFolder,
            TemporaryFilesFolder = options.TemporaryFolder,
        };
        try
        {
            await processor.ProcessAsynchronously(throwOnError: true, settings, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (FFMpegProcessException exception)
        {
            throw new FfmpegException(doing, exception.Result.ExitCode, exception.Result.StandardError, exception);
        }
        catch (Exception exception) when (exception is FFMpegException or InstanceFileNotFoundException)
        {
            throw new FfmpegException(doing, null, [exception.Message], exception);
        }
    }

    private static void Kill(Action cancel)
    {
        try
        {
            cancel();
        }
        catch (IOException)
        {
            // FFMpegCore first asks ffmpeg to stop through its standard input; that pipe is broken only when ffmpeg has just ended.
        }
    }
}
