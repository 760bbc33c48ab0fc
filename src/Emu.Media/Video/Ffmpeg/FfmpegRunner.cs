using FFMpegCore;
using FFMpegCore.Arguments;
using FFMpegCore.Exceptions;
using Instances.Exceptions;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>Runs one ffmpeg process on a pipe. Cancelled, it is killed at once; when the task ends, the process has.</summary>
internal static class FfmpegRunner
{
    /// <summary>FFMpegCore's pipes are Unix sockets; on Windows named pipes, which ffmpeg opens as files.</summary>
    private static readonly string PipeProtocol = OperatingSystem.IsWindows() ? "file" : "unix";

    // Otherwise FFMpegCore would read ffmpeg.config.json from whatever folder the process happens to be in.
    static FfmpegRunner() => GlobalFFOptions.Configure(new FFOptions());

    /// <summary>Runs ffmpeg to its end.</summary>
    /// <param name="options">Where ffmpeg is.</param>
    /// <param name="doing">What is being done, for errors.</param>
    /// <param name="input">The input. Only its own protocol (a pipe's, or plain files) is open to ffmpeg.</param>
    /// <param name="inputArguments">Options of the input; they name the demuxer, or the pipe's source does.</param>
    /// <param name="output">The output.</param>
    /// <param name="outputArguments">Options of the output; fixed text only, never anything of a user's.</param>
    /// <param name="workingFolder">The folder that the output's name is relative to.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <returns>What ffmpeg complained about although it succeeded.</returns>
    /// <exception cref="FfmpegMissingException">ffmpeg is not there.</exception>
    /// <exception cref="FfmpegException">ffmpeg failed.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        FfmpegOptions options,
        string doing,
        IInputArgument input,
        string inputArguments,
        IOutputArgument output,
        string outputArguments,
        string workingFolder,
        CancellationToken cancellationToken)
    {
        var ffmpeg = FfmpegInstallation.Locate(options);
        var protocol = input is InputPipeArgument ? PipeProtocol : "file";
        var processor = FFMpegArguments
            .FromInput(input, arguments => arguments.WithCustomArgument($"-hide_banner -nostdin -nostats -v error -protocol_whitelist {protocol} {inputArguments}"))
            .OutputTo(output, arguments => arguments.WithCustomArgument(outputArguments))
            .CancellableThrough(out var cancel, TimeSpan.Zero);
        await using var registration = cancellationToken.Register(() => Kill(cancel));
        var settings = new FFOptions
        {
            BinaryFolder = Path.GetDirectoryName(ffmpeg)!,
            WorkingDirectory = workingFolder,
            TemporaryFilesFolder = options.TemporaryFolder,
        };
        try
        {
            var result = await processor.ProcessAsynchronously(throwOnError: true, settings, CancellationToken.None);
            return result.StandardError;
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

/// <summary>ffmpeg failed. The message ends with the last lines it wrote.</summary>
public sealed class FfmpegException : Exception
{
    private const int LinesShown = 8;

    /// <summary>Creates the exception.</summary>
    /// <param name="doing">What was being done, for example "encoding an MP4".</param>
    /// <param name="exitCode">ffmpeg's exit code, if it exited.</param>
    /// <param name="lines">What ffmpeg wrote to standard error.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public FfmpegException(string doing, int? exitCode, IReadOnlyList<string> lines, Exception? innerException = null)
        : base(Describe(doing, exitCode, lines), innerException)
    {
        ExitCode = exitCode;
        Lines = lines;
    }

    /// <summary>ffmpeg's exit code, if it exited.</summary>
    public int? ExitCode { get; }

    /// <summary>What ffmpeg wrote to standard error.</summary>
    public IReadOnlyList<string> Lines { get; }

    private static string Describe(string doing, int? exitCode, IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var code = exitCode is null ? string.Empty : $" (exit code {exitCode})";
        var said = lines.Count == 0 ? "It said nothing." : string.Join(Environment.NewLine, lines.TakeLast(LinesShown));
        return $"ffmpeg failed while {doing}{code}. {said}";
    }
}
