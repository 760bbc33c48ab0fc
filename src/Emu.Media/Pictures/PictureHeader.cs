namespace Emu.Media.Pictures;

/// <summary>What a picture file says of itself, read without decoding it.</summary>
/// <param name="Format">Its format, by its content; names and media types are not trusted.</param>
/// <param name="Width">Width as stored, in pixels.</param>
/// <param name="Height">Height as stored, in pixels.</param>
/// <param name="Orientation">How it is to be turned for viewing.</param>
public sealed record PictureHeader(PictureFormat Format, int Width, int Height, PictureOrientation Orientation = PictureOrientation.Upright)
{
    /// <summary>Width as seen.</summary>
    public int OrientedWidth => Orientation.SwapsSides() ? Height : Width;

    /// <summary>Height as seen.</summary>
    public int OrientedHeight => Orientation.SwapsSides() ? Width : Height;
}

/// <summary>What is accepted as a picture.</summary>
public sealed record PictureLimits
{
    private readonly long _maximumBytes = 50_000_000;
    private readonly long _maximumPixels = 50_000_000;
    private readonly int _minimumSide = 1;
    private readonly int _maximumProportion = 256;
    private readonly TimeSpan _decodeTime = TimeSpan.FromSeconds(20);

    /// <summary>The largest file in bytes; 50 MB by default.</summary>
    public long MaximumBytes
    {
        get => _maximumBytes;
        init => _maximumBytes = value is > 0 and <= int.MaxValue
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit on bytes is 1 to 2,147,483,647.");
    }

    /// <summary>The most pixels (width × height); 50 megapixels by default.</summary>
    public long MaximumPixels
    {
        get => _maximumPixels;
        init => _maximumPixels = value is > 0 and <= 100_000_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit on pixels is 1 to 100,000,000.");
    }

    /// <summary>The shortest that a side may be, in pixels; 1 by default.</summary>
    public int MinimumSide
    {
        get => _minimumSide;
        init => _minimumSide = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A side has at least 1 pixel.");
    }

    /// <summary>How many times the shorter side the longer may be; 256 by default.</summary>
    public int MaximumProportion
    {
        get => _maximumProportion;
        init => _maximumProportion = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A limit on the proportion of the sides is at least 1.");
    }

    /// <summary>The longest that decoding may take; 20 s by default.</summary>
    public TimeSpan DecodeTime
    {
        get => _decodeTime;
        init => _decodeTime = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Decoding needs some time.");
    }

    /// <summary>Refuses a picture that would be thinner than a pixel when it is fitted.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="maximum">How many times the shorter side the longer may be.</param>
    /// <exception cref="InvalidPictureException">It is too thin.</exception>
    public static void CheckProportions(int width, int height, int maximum)
    {
        var (longer, shorter) = (Math.Max(width, height), Math.Min(width, height));
        if (longer > (long)shorter * maximum)
        {
            throw new InvalidPictureException(
                PictureErrorCode.TooThin,
                $"The picture is {width}x{height}, too thin to be seen when it is fitted. Accepted: a longer side of at most {maximum} times the shorter, here {(long)shorter * maximum} pixels.");
        }
    }
}
