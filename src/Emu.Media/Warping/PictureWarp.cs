using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Emu.Media.Warping;

/// <summary>
/// Warps one picture many times: each output pixel is sampled at a point of the source by bicubic interpolation (Catmull-Rom, Keys
/// 1981 with a = −0.5), premultiplied, so that no colour of transparent pixels bleeds in. Colours are kept between 0 and alpha.
/// Uses the same operations in the same order on every processor: results are bit-identical everywhere. Safe for concurrent use.
/// </summary>
public sealed class PictureWarp
{
    private const int BlockShift = 4;             // squares of 16 pixels a side

    private readonly Vector128<float>[] _pixels;
    private readonly WarpBorder _border;
    private readonly bool[] _empty;
    private readonly int _blocks;

    /// <summary>Takes a copy of the source.</summary>
    /// <param name="planes"><c>[3 or 4, height, width]</c>, −1 to 1; colours premultiplied where there is alpha.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="border">What lies beyond the border.</param>
    /// <exception cref="ArgumentException">There are not 3 or 4 × height × width values.</exception>
    public PictureWarp(ReadOnlySpan<float> planes, int width, int height, WarpBorder border)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var plane = checked(width * height);
        Channels = planes.Length / plane;
        if (Channels is not (3 or 4) || planes.Length != Channels * plane)
        {
            throw new ArgumentException($"[3 or 4, {height}, {width}] was expected; {planes.Length} values were given.", nameof(planes));
        }

        (Width, Height, _border) = (width, height, border);
        _pixels = new Vector128<float>[plane];
        for (var pixel = 0; pixel < plane; pixel++)
        {
            var alpha = Channels == 4 ? planes[(3 * plane) + pixel] : 1f;
            _pixels[pixel] = (Vector128.Create(planes[pixel], planes[plane + pixel], planes[(2 * plane) + pixel], alpha) + Vector128<float>.One) * 0.5f;
        }

        _blocks = (width >> BlockShift) + 1;
        _empty = FindEmpty();
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Channels of source and result: 3, or 4 with alpha.</summary>
    public int Channels { get; }

    /// <summary>Draws a warped picture of the same size.</summary>
    /// <param name="map">Where pixels come from.</param>
    /// <param name="samples">Samples of a pixel along each axis, 1 to 4: as many as the map makes things smaller, so that nothing flickers.</param>
    /// <param name="opacity">What everything is multiplied by, 0 to 1.</param>
    /// <param name="destination"><c>[channels, height, width]</c>, −1 to 1.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    // At once as fast as it gets: one video is over before the runtime would have compiled the loop a second time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Render<TMap>(TMap map, int samples, float opacity, Span<float> destination)
        where TMap : struct, IWarpMap
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, 4);
        var plane = _pixels.Length;
        if (destination.Length != Channels * plane)
        {
            throw new ArgumentException($"[{Channels}, {Height}, {Width}] has {Channels * plane} values; there is room for {destination.Length}.", nameof(destination));
        }

        var scale = opacity / (samples * samples);
        Span<float> offsets = stackalloc float[samples];
        for (var part = 0; part < samples; part++)
        {
            offsets[part] = (part + 0.5f) / samples;
        }

        var pixel = 0;
        for (var row = 0; row < Height; row++)
        {
            for (var column = 0; column < Width; column++, pixel++)
            {
                var sum = Vector128<float>.Zero;
                foreach (var down in offsets)
                {
                    foreach (var across in offsets)
                    {
                        map.Map(column + across, row + down, out var x, out var y);
                        sum += Sample(x, y);
                    }
                }

                var value = (sum * scale * 2f) - Vector128<float>.One;
                for (var channel = 0; channel < Channels; channel++)
                {
                    destination[(channel * plane) + pixel] = value[channel];
                }
            }
        }
    }

    /// <summary>The colour at a point: red, green, blue premultiplied, and alpha, 0 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Sample(float x, float y)
    {
        x -= 0.5f;
        y -= 0.5f;
        if (_border == WarpBorder.Transparent && !(x > -2 && y > -2 && x < Width + 1 && y < Height + 1))
        {
            return Vector128<float>.Zero;
        }

        var left = (int)MathF.Floor(x);
        var top = (int)MathF.Floor(y);
        if ((uint)left < (uint)Width && (uint)top < (uint)Height && _empty[((top >> BlockShift) * _blocks) + (left >> BlockShift)])
        {
            return Vector128<float>.Zero;
        }

        var across = Weights(x - left);
        var down = Weights(y - top);
        var sum = left >= 1 && top >= 1 && left + 2 < Width && top + 2 < Height ? Inner(left - 1, top - 1, across, down) : AtBorder(left - 1, top - 1, across, down);

        // Catmull-Rom overshoots at edges: a colour above its alpha is no colour.
        sum = Vector128.Max(sum, Vector128<float>.Zero);
        return Vector128.Min(sum, Vector128.Create(MathF.Min(sum[3], 1f)));
    }

    /// <summary>Which squares of pixels have nothing in them or within reach of the four samples around: most of a sticker's ground.</summary>
    private bool[] FindEmpty()
    {
        var empty = new bool[_blocks * ((Height >> BlockShift) + 1)];
        if (_border == WarpBorder.Mirrored)
        {
            return empty;
        }

        empty.AsSpan().Fill(true);
        for (var pixel = 0; pixel < _pixels.Length; pixel++)
        {
            if (_pixels[pixel] == Vector128<float>.Zero)
            {
                continue;
            }

            var (row, column) = Math.DivRem(pixel, Width);
            for (var line = Math.Max(0, row - 2) >> BlockShift; line <= Math.Min(Height - 1, row + 2) >> BlockShift; line++)
            {
                for (var block = Math.Max(0, column - 2) >> BlockShift; block <= Math.Min(Width - 1, column + 2) >> BlockShift; block++)
                {
                    empty[(line * _blocks) + block] = false;
                }
            }
        }

        return empty;
    }

    /// <summary>Four by four pixels that all lie in the picture, two at once: the sums of even and odd columns come together at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Inner(int left, int top, Vector128<float> across, Vector128<float> down)
    {
        ref var pixels = ref Unsafe.As<Vector128<float>, float>(ref MemoryMarshal.GetArrayDataReference(_pixels));
        var first = Vector256.Create(Vector128.Create(across[0]), Vector128.Create(across[1]));
        var second = Vector256.Create(Vector128.Create(across[2]), Vector128.Create(across[3]));
        var at = (nuint)((top * Width) + left) * 4;
        var line = (nuint)Width * 4;
        var sum = Pair(ref pixels, at, first, second) * down[0];
        sum += Pair(ref pixels, at + line, first, second) * down[1];
        sum += Pair(ref pixels, at + (2 * line), first, second) * down[2];
        sum += Pair(ref pixels, at + (3 * line), first, second) * down[3];
        return sum.GetLower() + sum.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(ref float pixels, nuint at, Vector256<float> first, Vector256<float> second) =>
        (Vector256.LoadUnsafe(ref pixels, at) * first) + (Vector256.LoadUnsafe(ref pixels, at + 8) * second);

    /// <summary>The same in the same order where some of the pixels lie beyond the border.</summary>
    private Vector128<float> AtBorder(int left, int top, Vector128<float> across, Vector128<float> down)
    {
        var (even, odd) = (Vector128<float>.Zero, Vector128<float>.Zero);
        for (var row = 0; row < 4; row++)
        {
            var line = Inside(top + row, Height);
            if (line >= 0)
            {
                var start = line * Width;
                even += ((At(start, left) * across[0]) + (At(start, left + 2) * across[2])) * down[row];
                odd += ((At(start, left + 1) * across[1]) + (At(start, left + 3) * across[3])) * down[row];
            }
        }

        return even + odd;
    }

    private Vector128<float> At(int start, int column)
    {
        var inside = Inside(column, Width);
        return inside >= 0 ? _pixels[start + inside] : Vector128<float>.Zero;
    }

    /// <summary>The index of a pixel that may lie beyond the border; −1 for nothing.</summary>
    private int Inside(int index, int length)
    {
        if ((uint)index < (uint)length)
        {
            return index;
        }

        if (_border == WarpBorder.Transparent)
        {
            return -1;
        }

        var period = 2 * length;
        var wrapped = ((index % period) + period) % period;
        return wrapped < length ? wrapped : period - 1 - wrapped;
    }

    /// <summary>Weights of the four samples around a point that lies <paramref name="t"/> (0 to 1) after the second of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Weights(float t)
    {
        var square = t * t;
        var cube = square * t;
        return Vector128.Create(
            (-0.5f * cube) + square - (0.5f * t),
            (1.5f * cube) - (2.5f * square) + 1f,
            (-1.5f * cube) + (2f * square) + (0.5f * t),
            (0.5f * cube) - (0.5f * square));
    }
}
