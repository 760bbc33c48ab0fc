using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests;

/// <summary>Compares tensors by their largest difference.</summary>
internal static class Near
{
    public static float Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (var index = 0; index < expected.Length; index++)
        {
            // Not a number is never near.
            var difference = MathF.Abs(expected[index] - actual[index]);
            largest = float.IsNaN(difference) ? float.PositiveInfinity : MathF.Max(largest, difference);
        }

        return largest;
    }

    public static void Equal(FloatTensor expected, FloatTensor actual, float tolerance = 1e-3f)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var difference = Difference(expected.Span, actual.Span);
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {difference}");
        Assert.True(difference <= tolerance, $"The largest difference is {difference}; at most {tolerance} was expected.");
    }
}
