using System.Buffers;
using System.Numerics.Tensors;

namespace Emu.Editing.Operations.Drawing;

/// <summary>Gaussian blur.</summary>
internal static class PlaneBlur
{
    // Above this deviation the plane is shrunk first, which loses nothing that the blur would keep.
    private const float LargestDirect = 4f;

    /// <summary>The plane convolved with a Gaussian; the border's values go on beyond it.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="sigma">The Gaussian's standard deviation in pixels; 0 or less changes nothing.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Plane Blurred(this Plane plane, float sigma, CancellationToken cancellationToken)
    {
        if (sigma < 0.2f)
        {
            return plane;
        }
        if (sigma <= LargestDirect || Math.Min(plane.Width, plane.Height) < 8)
        {
            return Direct(plane, sigma, cancellationToken);
        }
        var factor = sigma / (LargestDirect / 2);
        var width = Math.Max(4, (int)Math.Round(plane.Width / factor));
        var height = Math.Max(4, (int)Math.Round(plane.Height / factor));
        factor = MathF.Sqrt((float)plane.Width * plane.Height / ((float)width * height));
        // A triangle of half-width f has the variance f²/6; shrinking and growing apply it once each.
        var rest = (sigma * sigma / (factor * factor)) - (2f / 6f);
        return Direct(plane.Resized(width, height, cancellationToken), MathF.Sqrt(Math.Max(rest, 0.04f)), cancellationToken)
            .Resized(plane.Width, plane.Height, cancellationToken);
    }

    private static Plane Direct(Plane plane, float sigma, CancellationToken cancellationToken)
    {
        var kernel = Kernel(sigma);
        var radius = kernel.Length - 1;
        var (width, height) = (plane.Width, plane.Height);
        var across = new Plane(width, height);
        Plane.ForRows(height, y =>
        {
            var padded = ArrayPool<float>.Shared.Rent(width + (2 * radius));
            var from = plane.Row(y);
            padded.AsSpan(0, radius).Fill(from[0]);
            from.CopyTo(padded.AsSpan(radius));
            padded.AsSpan(radius + width, radius).Fill(from[^1]);
            var to = across.Row(y);
            TensorPrimitives.Multiply(from, kernel[0], to);
            for (var k = 1; k <= radius; k++)
            {
                TensorPrimitives.MultiplyAdd(padded.AsSpan(radius - k, width), kernel[k], to, to);
                TensorPrimitives.MultiplyAdd(padded.AsSpan(radius + k, width), kernel[k], to, to);
            }
            ArrayPool<float>.Shared.Return(padded);
        }, cancellationToken);
        var result = new Plane(width, height);
        Plane.ForRows(height, y =>
        {
            var to = result.Row(y);
            TensorPrimitives.Multiply(across.Row(y), kernel[0], to);
            for (var k = 1; k <= radius; k++)
            {
                TensorPrimitives.MultiplyAdd(across.Row(Math.Max(0, y - k)), kernel[k], to, to);
                TensorPrimitives.MultiplyAdd(across.Row(Math.Min(height - 1, y + k)), kernel[k], to, to);
            }
        }, cancellationToken);
        return result;
    }

    /// <summary>The middle weight and those to one side; the whole kernel sums to 1.</summary>
    private static float[] Kernel(float sigma)
    {
        var kernel = new float[(int)MathF.Ceiling(3f * sigma) + 1];
        var sum = 0d;
        for (var i = 0; i < kernel.Length; i++)
        {
            kernel[i] = (float)Math.Exp(-i * i / (2d * sigma * sigma));
            sum += (i == 0 ? 1 : 2) * kernel[i];
        }
        TensorPrimitives.Divide(kernel, (float)sum, kernel);
        return kernel;
    }
}
