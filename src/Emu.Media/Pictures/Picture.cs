using System.Buffers;

namespace Emu.Media.Pictures;

/// <summary>
/// A still picture: sRGB samples, 8 bits a channel, straight (not premultiplied) alpha, rows from top to bottom without
/// padding: <c>[height, width, 4]</c> in the order red, green, blue, alpha. Immutable.
/// </summary>
public sealed class Picture
{
    /// <summary>Bytes a pixel takes.</summary>
    public const int Channels = 4;

    private readonly byte[] _samples;
    private readonly Lazy<bool> _hasTransparency;

    private Picture(int width, int height, byte[] samples)
    {
        Width = width;
        Height = height;
        _samples = samples;
        _hasTransparency = new(FindTransparency);
    }

    /// <summary>Width in pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>Height in pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>The samples, <c>[height, width, 4]</c>.</summary>
    public ReadOnlySpan<byte> Samples => _samples;

    /// <summary>The samples, for asynchronous writing.</summary>
    public ReadOnlyMemory<byte> Memory => _samples;

    /// <summary>Whether any pixel is not wholly opaque. Looked up once.</summary>
    public bool HasTransparency => _hasTransparency.Value;

    /// <summary>The samples of one row, <c>[width, 4]</c>.</summary>
    public ReadOnlySpan<byte> Row(int y) => _samples.AsSpan(checked(y * Width * Channels), Width * Channels);

    /// <summary>The colour at a point.</summary>
    public PictureColor this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(x);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
            var pixel = Row(y).Slice(x * Channels, Channels);
            return new PictureColor(pixel[0], pixel[1], pixel[2], pixel[3]);
        }
    }

    /// <summary>Copies samples into a new picture.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="rgba"><c>[height, width, 4]</c>, straight alpha.</param>
    /// <exception cref="ArgumentException">The samples are not width × height × 4.</exception>
    public static Picture FromSamples(int width, int height, ReadOnlySpan<byte> rgba)
    {
        var count = SampleCount(width, height);
        if (rgba.Length != count)
        {
            throw new ArgumentException($"A picture of {width}x{height} has {count} samples; {rgba.Length} were given.", nameof(rgba));
        }
        return new Picture(width, height, rgba.ToArray());
    }

    /// <summary>Makes a picture by filling its samples in place; they are zero (transparent) beforehand.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="state">Handed to <paramref name="fill"/>.</param>
    /// <param name="fill">Fills <c>[height, width, 4]</c>; must not keep the span's memory.</param>
    public static Picture Create<TState>(int width, int height, TState state, SpanAction<byte, TState> fill)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(fill);
        var samples = new byte[SampleCount(width, height)];
        fill(samples, state);
        return new Picture(width, height, samples);
    }

    /// <summary>A picture of one colour.</summary>
    public static Picture Filled(int width, int height, PictureColor color) => Create(width, height, color, static (samples, color) =>
    {
        for (var i = 0; i < samples.Length; i += Channels)
        {
            samples[i] = color.Red;
            samples[i + 1] = color.Green;
            samples[i + 2] = color.Blue;
            samples[i + 3] = color.Alpha;
        }
    });

    /// <summary>Takes an array over without copying it; the caller gives it up.</summary>
    internal static Picture Adopt(int width, int height, byte[] samples) =>
        samples.Length == SampleCount(width, height)
            ? new Picture(width, height, samples)
            : throw new ArgumentException($"A picture of {width}x{height} does not have {samples.Length} samples.", nameof(samples));

    /// <summary>How many samples a picture has.</summary>
    internal static int SampleCount(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var count = (long)width * height * Channels;
        return count <= Array.MaxLength
            ? (int)count
            : throw new ArgumentOutOfRangeException(nameof(width), $"A picture of {width}x{height} is too large to hold.");
    }

    private bool FindTransparency()
    {
        for (var i = 3; i < _samples.Length; i += Channels)
        {
            if (_samples[i] != 255)
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary>A colour: sRGB, straight alpha, 8 bits a channel.</summary>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
/// <param name="Alpha">Opacity, 0 (transparent) to 255 (opaque).</param>
public readonly record struct PictureColor(byte Red, byte Green, byte Blue, byte Alpha = 255)
{
    /// <summary>Opaque white: the ground where a format has no alpha.</summary>
    public static PictureColor White { get; } = new(255, 255, 255);

    /// <summary>Opaque black.</summary>
    public static PictureColor Black { get; } = new(0, 0, 0);

    /// <summary>Nothing: alpha 0.</summary>
    public static PictureColor Transparent { get; } = new(0, 0, 0, 0);
}
