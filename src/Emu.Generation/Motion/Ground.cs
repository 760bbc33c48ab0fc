using System.Runtime.CompilerServices;
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

    private readonly float[] _colours;             // [3, height, width], 0 to 1
    private readonly int _width;
    private readonly int _height;

    private Ground(float[] colours, int width, int height) => (_colours, _width, _height) = (colours, width, height);

    /// <summary>Fits a gradient to the border of a picture <c>[1, 3 or 4, height, width]</c>; null where the border is transparent, or no gradient.</summary>
    public static Ground? Find(FloatTensor picture)
    {
        var (height, width) = (picture.Shape[2], picture.Shape[3]);
        var plane = height * width;
        if (picture.Shape[1] == 4 && BorderPixels(width, height).Average(pixel => (picture.Span[(3 * plane) + pixel] + 1) / 2) < OpaqueBorder)
        {
            return null;
        }

        var colours = new float[3 * plane];
        double error = 0;
        for (var channel = 0; channel < 3; channel++)
        {
            var values = picture.Span.Slice(channel * plane, plane);
            var (constant, slopeX, slopeY) = Plane(values, width, height);
            foreach (var pixel in BorderPixels(width, height))
            {
                var difference = ((values[pixel] + 1) / 2) - Value(pixel);
                error += difference * difference;
            }

            for (var pixel = 0; pixel < plane; pixel++)
            {
                colours[(channel * plane) + pixel] = (float)Math.Clamp(Value(pixel), 0, 1);
            }

            double Value(int pixel) => constant + (slopeX * Position(pixel % width, width)) + (slopeY * Position(pixel / width, height));
        }

        return Math.Sqrt(error / BorderPixels(width, height).Count()) <= SmoothBorder ? new Ground(colours, width, height) : null;
    }

    /// <summary>The thing without its ground.</summary>
    /// <param name="picture"><c>[1, 3 or 4, height, width]</c>, −1 to 1.</param>
    /// <returns><c>[1, 4, height, width]</c>, −1 to 1, premultiplied.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FloatTensor Cut(FloatTensor picture)
    {
        var plane = _height * _width;
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
        FloatTensor cut = new([1, 4, _height, _width]);
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
    /// <param name="thing"><c>[1, 4, height, width]</c>, −1 to 1, premultiplied.</param>
    /// <param name="shape">The shape wanted: 3 channels, or 4 with an alpha of 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FloatTensor Lay(FloatTensor thing, TensorShape shape)
    {
        var plane = _height * _width;
        FloatTensor laid = new(shape);
        laid.Span.Fill(1);
        var alphas = thing.Span[(3 * plane)..];
        for (var channel = 0; channel < 3; channel++)
        {
            var colours = _colours.AsSpan(channel * plane, plane);
            var values = thing.Span.Slice(channel * plane, plane);
            var results = laid.Span.Slice(channel * plane, plane);
            for (var pixel = 0; pixel < results.Length; pixel++)
            {
                var alpha = (alphas[pixel] + 1) / 2;
                var value = ((values[pixel] + 1) / 2) + ((1 - alpha) * colours[pixel]);
                results[pixel] = (value * 2) - 1;
            }
        }

        return laid;
    }

    /// <summary>What has the ground's colour but is not connected to the border belongs to the thing.</summary>
    private void FillHoles(float[] alpha)
    {
        var outside = new bool[alpha.Length];
        Stack<int> open = new();
        foreach (var pixel in BorderPixels(_width, _height))
        {
            Visit(pixel);
        }

        while (open.TryPop(out var pixel))
        {
            var (x, y) = (pixel % _width, pixel / _width);
            if (x > 0)
            {
                Visit(pixel - 1);
            }

            if (x < _width - 1)
            {
                Visit(pixel + 1);
            }

            if (y > 0)
            {
                Visit(pixel - _width);
            }

            if (y < _height - 1)
            {
                Visit(pixel + _width);
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
    private static (double Constant, double SlopeX, double SlopeY) Plane(ReadOnlySpan<float> values, int width, int height)
    {
        double sum = 0, sumX = 0, sumY = 0, squaresX = 0, squaresY = 0;
        var count = 0;
        foreach (var pixel in BorderPixels(width, height))
        {
            var (value, x, y) = ((values[pixel] + 1) / 2, Position(pixel % width, width), Position(pixel / width, height));
            sum += value;
            sumX += value * x;
            sumY += value * y;
            squaresX += x * x;
            squaresY += y * y;
            count++;
        }

        return (sum / count, sumX / squaresX, sumY / squaresY);
    }

    private static double Position(int index, int size) => ((2.0 * index) + 1 - size) / size;

    private static IEnumerable<int> BorderPixels(int width, int height)
    {
        for (var column = 0; column < width; column++)
        {
            yield return column;
            yield return ((height - 1) * width) + column;
        }

        for (var row = 0; row < height; row++)
        {
            yield return row * width;
            yield return (row * width) + width - 1;
        }
    }
}
