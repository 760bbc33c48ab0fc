using Emu.Media.Pictures;

namespace Emu.Media.Video;

/// <summary>How frames become a video file. Animated formats repeat for ever.</summary>
public sealed record VideoEncoding
{
    private readonly double _framesPerSecond = 16;
    private readonly int? _frameCount;

    /// <summary>The format.</summary>
    public required VideoFormat Format { get; init; }

    /// <summary>Frames a second, above 0, at most 240. 16 by default. GIF rounds each frame's time to 1/100 s (the sum stays right).</summary>
    public double FramesPerSecond
    {
        get => _framesPerSecond;
        init => _framesPerSecond = value is > 0 and <= 240
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Frames a second must be above 0 and at most 240.");
    }

    /// <summary>Keep transparency where the format can (<see cref="VideoFormats.KeepsAlpha"/>). Else, and by default, the ground is <see cref="Background"/>.</summary>
    public bool Transparent { get; init; }

    /// <summary>The ground where transparency is not kept; its own alpha is ignored. White by default.</summary>
    public PictureColor Background { get; init; } = PictureColor.White;

    /// <summary>How many frames there must be; another number is an error and no file is left. Null: any number.</summary>
    public int? FrameCount
    {
        get => _frameCount;
        init => _frameCount = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A video has at least one frame.");
    }

    /// <summary>Whether alpha reaches the file.</summary>
    public bool KeepsAlpha => Transparent && Format.KeepsAlpha();
}
