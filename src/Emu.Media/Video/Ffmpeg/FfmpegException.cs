namespace Emu.Media.Video.Ffmpeg;

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
