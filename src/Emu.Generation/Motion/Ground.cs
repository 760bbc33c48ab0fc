using Emu.Diffusion.Tensors;

namespace Emu.Generation.Motion;

/// <summary>
/// The plain ground behind a thing: a colour, or a gradient. Known by the picture's border, it lets the thing be cut out and be laid
/// on it again elsewhere.
/// </summary>
internal sealed class Ground
{
    private const double OpaqueBorder = 0.95;      // mean alpha of a border that shows a ground
    private const double SmoothBorder = 0.045;     // root mean square distance of the border's colours from the gradient, of the range 0 to 1
    private const float Same = 0.06f;              // distance up to which a pixel is ground
    private const float Other = 0.16f;             // distance from which it is not

    private readonly float[] _colours;             // [3, size, size], 0 to 1
    private readonly int _size;

    private Ground(float[] colours, int size) => (_colours, _size) = (colours, size);

    /// <summary>Fits a gradient to the border of a picture <c>[1, 3 or 4, size, size]</c>; null where the border is transparent, or no gradient.</summary>
    public static Ground? Find(FloatTensor picture)
    {
        var size = picture.Shape[3];
        var plane = size * size;
        if (picture.Shape[1] == 4 && BorderPixels(size).Average(pixel => (picture.Span[(3 * plane) + pixel] + 1) / 2) < OpaqueBorder)
        {
            return null;
        }

        var colours = new float[3 * plane];
        double error = 0;
        for (var channel = 0; channel < 3; channel++)
        {
            var values = picture.Span.Slice(channel * plane, plane);
            var (constant, slopeX, slopeY) = Plane(values, size);
            foreach (var pixel in BorderPixels(size))
            {
                var difference = ((values[pixel] + 1) / 2) - Value(pixel);
                error += difference * difference;
            }

            for (var pixel = 0; pixel < plane; pixel++)
            {
                colours[(channel * plane) + pixel] = (float)Math.Clamp(Value(pixel), 0, 1);
            }

            double Value(int pixel) => constant + (slopeX * Position(pixel % size, size)) + (slopeY * Position(pixel / size, size));
        }

        return Math.Sqrt(error / BorderPixels(size).Count()) <= SmoothBorder ? new Ground(colours, size) : null;
    }

    /// <summary>The thing without its ground.</summary>
    /// <param name="picture"><c>[1, 3 or 4, size, size]</c>, −1 to 1.</param>
    /// <returns><c>[1, 4, size, size]</c>, −1 to 1, premultiplied.</returns>
    public FloatTensor Cut(FloatTensor picture)
    {
        var plane = _size * _size;
        var source = picture.Span;
        var alpha = new float[plane];
        for (var pixel = 0; pixel < plane; pixel++)
        {
            float square = 0;
            for (var channel = 0; channel < 3; channel++)
            {
                var difference = ((source[(channel * plane) + pixel] + 1) / 2) - _colours[(channel * plane) + pixel];
                square += difference * difference;
            }

            alpha[pixel] = Math.Clamp((MathF.Sqrt(square) - Same) / (Other - Same), 0, 1);
        }

        FillHoles(alpha);
        FloatTensor cut = new([1, 4, _size, _size]);
        for (var channel = 0; channel < 3; channel++)
        {
            for (var pixel = 0; pixel < plane; pixel++)
            {
                var value = ((source[(channel * plane) + pixel] + 1) / 2) - ((1 - alpha[pixel]) * _colours[(channel * plane) + pixel]);
                cut.Span[(channel * plane) + pixel] = (Math.Clamp(value, 0, alpha[pixel]) * 2) - 1;
            }
        }

        for (var pixel = 0; pixel < plane; pixel++)
        {
            cut.Span[(3 * plane) + pixel] = (alpha[pixel] * 2) - 1;
        }

        return cut;
    }

    /// <summary>Lays a thing on the ground.</summary>
    /// <param name="thing"><c>[1, 4, size, size]</c>, −1 to 1, premultiplied.</param>
    /// <param name="shape">The shape wanted: 3 channels, or 4 with an alpha of 1.</param>
    public FloatTensor Lay(FloatTensor thing, TensorShape shape)
    {
        var plane = _size * _size;
        FloatTensor laid = new(shape);
        laid.Span.Fill(1);
        for (var channel = 0; channel < 3; channel++)
        {
            for (var pixel = 0; pixel < plane; pixel++)
            {
                var alpha = (thing.Span[(3 * plane) + pixel] + 1) / 2;
                var value = ((thing.Span[(channel * plane) + pixel] + 1) / 2) + ((1 - alpha) * _colours[(channel * plane) + pixel]);
                laid.Span[(channel * plane) + pixel] = (value * 2) - 1;
            }
        }

        return laid;
    }

    /// <summary>What has the ground's colour but is not connected to the border belongs to the thing.</summary>
    private void FillHoles(float[] alpha)
    {
        var outside = new bool[alpha.Length];
        Stack<int> open = new();
        foreach (var pixel in BorderPixels(_size))
        {
            Visit(pixel);
        }

        while (open.TryPop(out var pixel))
        {
            var (x, y) = (pixel % _size, pixel / _size);
            if (x > 0)
            {
                Visit(pixel - 1);
            }

            if (x < _size - 1)
            {
                Visit(pixel + 1);
            }

            if (y > 0)
            {
                Visit(pixel - _size);
            }

            if (y < _size - 1)
            {
                Visit(pixel + _size);
            }
        }

        for (var pixel = 0; pixel < alpha.Length; pixel++)
        {
            alpha[pixel] = outside[pixel] ? alpha[pixel] : 1;
        }

        void Visit(int pixel)
        {
            if (!outside[pixel] && alpha[pixel] < 1)
            {
                outside[pixel] = true;
                open.Push(pixel);
            }
        }
    }

    /// <summary>Least squares over the border of value = constant + slopeX · x + slopeY · y, in coordinates around 0, where the three are independent.</summary>
    private static (double Constant, double SlopeX, double SlopeY) Plane(ReadOnlySpan<float> values, int size)
    {
        double sum = 0, sumX = 0, sumY = 0, squares = 0;
        var count = 0;
        foreach (var pixel in BorderPixels(size))
        {
            var (value, x, y) = ((values[pixel] + 1) / 2, Position(pixel % size, size), Position(pixel / size, size));
            sum += value;
            sumX += value * x;
            sumY += value * y;
            squares += x * x;
            count++;
        }

        return (sum / count, sumX / squares, sumY / squares);
    }

    private static double Position(int index, int size) => ((2.0 * index) + 1 - size) / size;

    private static IEnumerable<int> BorderPixels(int size)
    {
        for (var index = 0; index < size; index++)
        {
            yield return index;
            yield return ((size - 1) * size) + index;
            yield return index * size;
            yield return (index * size) + size - 1;
        }
    }
}
