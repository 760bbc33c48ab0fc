using System.Numerics.Tensors;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Temporal noise reduction by coring: differences of decoded frames from the first one are removed where they are small, attenuated
/// where they are medium, and kept where they are large. One latent covers many pixels; where some of them move, the decoder renders
/// the static ones slightly differently in each frame too, which shows as shimmer beside moving parts.
/// </summary>
/// <remarks>
/// The size of a difference is that of its largest channel, averaged over the 3×3 pixels around (fewer at the border). Between the
/// two bounds the share that is kept grows from 0 to 1 by smoothstep, 3x² − 2x³. Each frame depends on itself and the first one alone,
/// so frames can be processed one by one. Not safe for concurrent use.
/// </remarks>
public sealed class FrameCoring
{
    private readonly FloatTensor _first;
    private readonly float _lowerBound;
    private readonly float _upperBound;
    private readonly int _width;
    private readonly float[] _largest;
    private readonly float[] _rows;
    private readonly float[] _difference;

    /// <summary>Starts with the first frame, clamped to −1 to 1, with which all others are compared.</summary>
    /// <param name="first">The first frame as the decoder gives it: <c>[1, channels, height, width]</c>, −1 to 1; copied.</param>
    /// <param name="lowerBound">The difference up to which a pixel is taken from the first frame, as a fraction of the value range: 0 to 1.</param>
    /// <param name="upperBound">The difference from which a pixel is kept as decoded, as a fraction of the value range; above <paramref name="lowerBound"/>, to 1.</param>
    /// <exception cref="ArgumentException">This is not one frame.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are out of order.</exception>
    public FrameCoring(FloatTensor first, float lowerBound, float upperBound)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentOutOfRangeException.ThrowIfNegative(lowerBound);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(upperBound, lowerBound);
        if (first.Shape is not [1, _, int height, int width])
        {
            throw new ArgumentException($"A frame of shape {first.Shape} was given; [1, channels, height, width] was expected.", nameof(first));
        }

        _first = first.Clone();
        TensorPrimitives.Clamp(_first.Span, -1, 1, _first.Span);
        _width = width;
        _lowerBound = 2 * lowerBound;
        _upperBound = 2 * upperBound;
        _largest = new float[height * width];
        _rows = new float[height * width];
        _difference = new float[height * width];
    }

    /// <summary>Reduces the noise of a decoded frame, in place.</summary>
    /// <param name="frame">Of the first frame's shape; about −1 to 1 before, −1 to 1 after.</param>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public void Apply(FloatTensor frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!frame.Shape.Equals(_first.Shape))
        {
            throw new ArgumentException($"A frame of shape {frame.Shape} was given; the first one has {_first.Shape}.", nameof(frame));
        }

        TensorPrimitives.Clamp(frame.Span, -1, 1, frame.Span);
        MeasureDifferences(frame);
        var shares = _largest;
        for (var pixel = 0; pixel < shares.Length; pixel++)
        {
            var part = Math.Clamp((shares[pixel] - _lowerBound) / (_upperBound - _lowerBound), 0, 1);
            shares[pixel] = part * part * (3 - (2 * part));
        }

        for (var start = 0; start < frame.Span.Length; start += shares.Length)
        {
            ReadOnlySpan<float> first = _first.Span.Slice(start, shares.Length);
            var plane = frame.Span.Slice(start, shares.Length);
            TensorPrimitives.Subtract(plane, first, _difference);
            TensorPrimitives.MultiplyAdd(_difference, shares, first, plane);
        }
    }

    /// <summary>For each pixel, the largest difference of its channels, averaged over the pixels around.</summary>
    private void MeasureDifferences(FloatTensor frame)
    {
        Array.Clear(_largest);
        for (var start = 0; start < frame.Span.Length; start += _largest.Length)
        {
            TensorPrimitives.Subtract(frame.Span.Slice(start, _largest.Length), _first.Span.Slice(start, _largest.Length), _difference);
            TensorPrimitives.MaxMagnitude(_largest, _difference, _largest);
        }

        TensorPrimitives.Abs(_largest, _largest);
        for (var start = 0; start < _largest.Length; start += _width)
        {
            MeanOfThree(_largest.AsSpan(start, _width), _rows.AsSpan(start, _width), 1);
        }

        MeanOfThree(_rows, _largest, _width);
    }

    /// <summary>Means of three neighbours that lie <paramref name="step"/> apart; of two at the border.</summary>
    private static void MeanOfThree(ReadOnlySpan<float> values, Span<float> means, int step)
    {
        if (values.Length == step)
        {
            values.CopyTo(means);
            return;
        }

        var inner = values.Length - (2 * step);
        TensorPrimitives.Add(values[..step], values.Slice(step, step), means[..step]);
        TensorPrimitives.Multiply(means[..step], 1f / 2, means[..step]);
        TensorPrimitives.Add(values[^(2 * step)..^step], values[^step..], means[^step..]);
        TensorPrimitives.Multiply(means[^step..], 1f / 2, means[^step..]);
        if (inner > 0)
        {
            var middle = means.Slice(step, inner);
            TensorPrimitives.Add(values[..inner], values.Slice(step, inner), middle);
            TensorPrimitives.Add(middle, values[(2 * step)..], middle);
            TensorPrimitives.Multiply(middle, 1f / 3, middle);
        }
    }
}
