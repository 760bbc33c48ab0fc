namespace Emu.Media.Video.Ffmpeg;

/// <summary>ffmpeg is not there. The message holds the command that installs it on this system.</summary>
/// <param name="lookedIn">The folder that was looked in, or null for the PATH.</param>
public sealed class FfmpegMissingException(string? lookedIn)
    : Exception($"ffmpeg was not found {(lookedIn is null ? "on the PATH" : $"in '{lookedIn}'")}. Install it: {FfmpegInstallation.InstallCommand}")
{
    /// <summary>The folder that was looked in, or null for the PATH.</summary>
    public string? LookedIn { get; } = lookedIn;
}
