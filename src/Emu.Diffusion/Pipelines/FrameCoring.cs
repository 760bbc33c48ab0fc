using System.Numerics.Tensors;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Lets stand still what hardly moves: differences of decoded frames from the first one are left out where they are small, halved
/// where they are middling, and kept where they are large. A latent stands for many pixels, so where one of them moves the
/// decoder draws the others anew as well, a little otherwise each time, and surfaces beside what moves shimmer.
/// </summary>
/// <remarks>
/// Coring, as in the denoising of video. How large a difference is, is seen in its largest channel and as the mean of the 3×3 pixels
/// around (fewer at the border); between the two bounds its share grows from 0 to 1 by 3x² − 2x³. Each frame is made of itself and
/// the first alone, so that frames may come one after another. Not safe for concurrent use.
/// </remarks>
public sealed class FrameCoring
{
    private readonly FloatTensor _first;
    private readonly float _stillUpTo;
    private readonly float _movesFrom;
    private readonly int _width;
    private readonly float[] _largest;
    private readonly float[] _rows;
    private readonly float[] _difference;

    /// <summary>Begins with the first frame, which is clamped to −1 to 1 and is what all others are compared with.</summary>
    /// <param name="first">The first frame as the decoder gives it: <c>[1, channels, height, width]</c>, −1 to 1; copied.</param>
    /// <param name="stillUpTo">The difference up to which a pixel is that of the first frame, in parts of the range (of 255 steps, where pictures have as many): 0 to 1.</param>
    /// <param name="movesFrom">The difference from which a pixel stays as it is decoded; above <paramref name="stillUpTo"/>, to 1.</param>
    /// <exception cref="ArgumentException">This is not one frame.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are out of order.</exception>
    public FrameCoring(FloatTensor first, float stillUpTo, float movesFrom)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentOutOfRangeException.ThrowIfNegative(stillUpTo);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(movesFrom, stillUpTo);
        if (first.Shape is not [1, _, int height, int width])
        {
            throw new ArgumentException($"A frame of shape {first.Shape} was given; [1, channels, height, width] was expected.", nameof(first));
        }

        _first = first.Clone();
        TensorPrimitives.Clamp(_first.Span, -1, 1, _first.Span);
        _width = width;
        _stillUpTo = 2 * stillUpTo;
        _movesFrom = 2 * movesFrom;
        _largest = new float[height * width];
        _rows = new float[height * width];
        _difference = new float[height * width];
    }

    /// <summary>Makes a frame of what the decoder gave, in place.</summary>
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
            var part = Math.Clamp((shares[pixel] - _stillUpTo) / (_movesFrom - _stillUpTo), 0, 1);
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

    /// <summary>The largest difference of a pixel's channels, as the mean of the pixels around.</summary>
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

    /// <summary>Means of neighbours that lie <paramref name="step"/> apart; of two where there is no third.</summary>
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
