using System.Globalization;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>Where ffmpeg is and how it runs. Version 5.1 or later, with libx264, libwebp and libvpx.</summary>
public sealed record FfmpegOptions
{
    private readonly int _threads = 2;

    /// <summary>The folder with ffmpeg and ffprobe. Null, the default: looked up on the PATH.</summary>
    public string? BinaryFolder { get; init; }

    /// <summary>Threads an encoder uses, 1 to 64, 2 by default. Part of what decides an encoded file's bytes, so it never follows from the machine.</summary>
    public int Threads
    {
        get => _threads;
        init => _threads = value is >= 1 and <= 64
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "ffmpeg runs on 1 to 64 threads.");
    }

    /// <summary>Where files lie that are encoded before they are copied into a stream. The system's temporary folder by default.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();
}

/// <summary>Finds ffmpeg, and knows how it is installed here.</summary>
public static class FfmpegInstallation
{
    private static readonly Lazy<string> Command = new(FindInstallCommand);

    /// <summary>The command that installs ffmpeg on this system.</summary>
    public static string InstallCommand => Command.Value;

    /// <summary>The path of ffmpeg.</summary>
    /// <exception cref="FfmpegMissingException">It is not there.</exception>
    public static string Locate(FfmpegOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Find("ffmpeg", options.BinaryFolder) ?? throw new FfmpegMissingException(options.BinaryFolder);
    }

    /// <summary>The path of ffmpeg, or null if it is not there.</summary>
    public static string? TryLocate(FfmpegOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Find("ffmpeg", options.BinaryFolder);
    }

    private static string? Find(string name, string? folder)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        var folders = folder is not null
            ? [folder]
            : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var candidate in folders)
        {
            var path = Path.GetFullPath(Path.Combine(candidate, file));
            if (File.Exists(path) && IsExecutable(path))
            {
                return path;
            }
        }
        return null;
    }

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static string FindInstallCommand()
    {
        if (OperatingSystem.IsWindows())
        {
            return "winget install --id Gyan.FFmpeg";
        }
        if (OperatingSystem.IsMacOS())
        {
            return "brew install ffmpeg";
        }
        var sudo = Environment.UserName == "root" ? string.Empty : "sudo ";
        return string.Create(CultureInfo.InvariantCulture, $"{sudo}{LinuxCommand(ReadOsRelease())}");
    }

    /// <summary>By the distribution's name or the one it is like (os-release: ID, ID_LIKE).</summary>
    internal static string LinuxCommand(IReadOnlyCollection<string> names)
    {
        return names.FirstOrDefault(name => name is "debian" or "ubuntu" or "fedora" or "rhel" or "arch" or "alpine" or "suse" or "opensuse") switch
        {
            "fedora" or "rhel" => "dnf install ffmpeg (with RPM Fusion enabled)",
            "arch" => "pacman -S ffmpeg",
            "alpine" => "apk add ffmpeg",
            "suse" or "opensuse" => "zypper install ffmpeg",
            _ => "apt-get install -y ffmpeg",
        };
    }

    private static string[] ReadOsRelease()
    {
        const string path = "/etc/os-release";
        return !File.Exists(path)
            ? []
            : [.. File.ReadLines(path)
                .Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
                .OrderBy(line => line.Length)
                .SelectMany(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"').Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }
}

/// <summary>ffmpeg is not there. The message holds the command that installs it on this system.</summary>
/// <param name="lookedIn">The folder that was looked in, or null for the PATH.</param>
public sealed class FfmpegMissingException(string? lookedIn)
    : Exception($"ffmpeg was not found {(lookedIn is null ? "on the PATH" : $"in '{lookedIn}'")}. Install it: {FfmpegInstallation.InstallCommand}")
{
    /// <summary>The folder that was looked in, or null for the PATH.</summary>
    public string? LookedIn { get; } = lookedIn;
}
