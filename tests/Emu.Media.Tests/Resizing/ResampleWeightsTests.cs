using Emu.Media.Resizing;

namespace Emu.Media.Tests.Resizing;

public sealed class ResampleWeightsTests
{
    [Theory]
    [InlineData(ResizeFilter.Area)]
    [InlineData(ResizeFilter.Bicubic)]
    [InlineData(ResizeFilter.Lanczos3)]
    public void Taps_AnySizes_SumToOneAndStayInside(ResizeFilter filter)
    {
        for (var source = 1; source <= 70; source++)
        {
            for (var length = 1; length <= 150; length++)
            {
                var weights = new ResampleWeights(source, length, filter);
                for (var i = 0; i < length; i++)
                {
                    var sum = 0f;
                    foreach (var weight in weights.Taps(i))
                    {
                        sum += weight;
                    }
                    Assert.InRange(sum, 0.9999f, 1.0001f);
                    Assert.InRange(weights.Start(i) + weights.Taps(i).Length, 1, source);
                    Assert.True(weights.Taps(i).Length <= weights.MaximumTaps && (i == 0 || weights.Start(i) >= weights.Start(i - 1)));
                }
            }
        }
    }

    [Fact]
    public void Taps_Bicubic_AreKeysCoefficients()
    {
        var weights = new ResampleWeights(10, 20, ResizeFilter.Bicubic);

        // New sample 9 lies at 4.75, a quarter off sample 4: the kernel at 1.25, 0.25, 0.75 and 1.75.
        Assert.Equal(3, weights.Start(9));
        Assert.Equal([-0.0703125f, 0.8671875f, 0.2265625f, -0.0234375f], weights.Taps(9).ToArray());
    }
}
