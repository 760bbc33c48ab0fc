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
