using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Emu.Media.Pictures;

namespace Emu.Media.Resizing;

/// <summary>
/// Resizes pictures of one size to another, many times over: the weights are worked out once. Works premultiplied and in float,
/// so that no colour of transparent pixels bleeds in; rounds once, at the end. Safe for concurrent use.
/// </summary>
public sealed class PictureResizer
{
    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly ResampleWeights _horizontal;
    private readonly ResampleWeights _vertical;

    /// <summary>Prepares a resizing.</summary>
    /// <param name="sourceWidth">Width before, in pixels.</param>
    /// <param name="sourceHeight">Height before, in pixels.</param>
    /// <param name="width">Width afterwards, in pixels.</param>
    /// <param name="height">Height afterwards, in pixels.</param>
    /// <param name="filter">The filter.</param>
    public PictureResizer(int sourceWidth, int sourceHeight, int width, int height, ResizeFilter filter = ResizeFilter.Best)
    {
        Picture.SampleCount(sourceWidth, sourceHeight);
        Picture.SampleCount(width, height);
        (_sourceWidth, _sourceHeight) = (sourceWidth, sourceHeight);
        _horizontal = new ResampleWeights(sourceWidth, width, filter);
        _vertical = new ResampleWeights(sourceHeight, height, filter);
    }

    /// <summary>Width afterwards.</summary>
    public int Width => _horizontal.Length;

    /// <summary>Height afterwards.</summary>
    public int Height => _vertical.Length;

    /// <summary>Resizes a picture.</summary>
    /// <exception cref="ArgumentException">The picture has another size than was prepared for.</exception>
    public Picture Resize(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Width != _sourceWidth || picture.Height != _sourceHeight)
        {
            throw new ArgumentException($"Pictures of {_sourceWidth}x{_sourceHeight} were announced; this one is {picture.Width}x{picture.Height}.", nameof(picture));
        }
        if (_horizontal.IsIdentity && _vertical.IsIdentity)
        {
            return picture;
        }
        return Run(new SampleRows(picture));
    }

    /// <summary>Resizes a network's output without rounding in between.</summary>
    /// <param name="planes"><c>[4, height, width]</c>, premultiplied, −1 to 1 (<see cref="PicturePlanes.CopyToPremultipliedPlanes"/>).</param>
    /// <exception cref="ArgumentException">There are not 4 × height × width values of the size that was prepared for.</exception>
    public Picture ResizePremultipliedPlanes(ReadOnlySpan<float> planes)
    {
        if (planes.Length != _sourceWidth * _sourceHeight * 4)
        {
            throw new ArgumentException($"[4, {_sourceHeight}, {_sourceWidth}] has {_sourceWidth * _sourceHeight * 4} values; {planes.Length} were given.", nameof(planes));
        }
        return Run(new PlaneRows(planes, _sourceWidth, _sourceHeight));
    }

    /// <summary>Goes through the new rows; keeps only the source rows, already of the new width, that the next of them needs.</summary>
    private Picture Run<TRows>(TRows source)
        where TRows : IPixelRows, allows ref struct
    {
        var samples = new byte[Picture.SampleCount(Width, Height)];
        var kept = _vertical.MaximumTaps;
        var scratch = ArrayPool<Vector4>.Shared.Rent(checked(_sourceWidth + ((kept + 1) * Width)));
        try
        {
            var sourceRow = scratch.AsSpan(0, _sourceWidth);
            var sum = scratch.AsSpan(_sourceWidth, Width);
            var rows = scratch.AsSpan(_sourceWidth + Width, kept * Width);
            for (int y = 0, ready = 0; y < Height; y++)
            {
                var taps = _vertical.Taps(y);
                for (; ready < _vertical.Start(y) + taps.Length; ready++)
                {
                    if (ready >= _vertical.Start(y))
                    {
                        source.Load(ready, sourceRow);
                        ResampleRow(sourceRow, rows.Slice(ready % kept * Width, Width));
                    }
                }
                sum.Clear();
                for (var k = 0; k < taps.Length; k++)
                {
                    Accumulate(rows.Slice((_vertical.Start(y) + k) % kept * Width, Width), taps[k], sum);
                }
                PremultipliedPixels.Store(sum, samples.AsSpan(y * Width * Picture.Channels, Width * Picture.Channels));
            }
        }
        finally
        {
            ArrayPool<Vector4>.Shared.Return(scratch);
        }
        return Picture.Adopt(Width, Height, samples);
    }

    // At once as fast as it gets: one video is over before the runtime would have compiled the loop a second time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResampleRow(ReadOnlySpan<Vector4> source, Span<Vector4> destination)
    {
        for (var x = 0; x < destination.Length; x++)
        {
            var taps = _horizontal.Taps(x);
            var window = source.Slice(_horizontal.Start(x), taps.Length);
            var sum = Vector4.Zero;
            for (var k = 0; k < taps.Length; k++)
            {
                sum += window[k] * taps[k];
            }
            destination[x] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(ReadOnlySpan<Vector4> row, float weight, Span<Vector4> sum)
    {
        for (var x = 0; x < sum.Length; x++)
        {
            sum[x] += row[x] * weight;
        }
    }
}
