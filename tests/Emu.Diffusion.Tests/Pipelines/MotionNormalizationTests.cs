using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

public sealed class MotionNormalizationTests
{
    [Fact]
    public void Measure_CosineBesideStaticValues_IsTheRootMeanSquareOfBoth()
        => Assert.Equal(.8f / 2, MotionNormalization.Measure(Loop(.8f)), 1e-5f);      // .8 / √2 at half of the values

    [Theory]
    [InlineData(.8f, .4f, .8f)]         // already there
    [InlineData(.8f, .6f, 1.2f)]
    [InlineData(.8f, .3f, .6f)]
    [InlineData(.1f, 1f, .2f)]          // twice, no more
    [InlineData(2f, .1f, 1.2f)]         // .6 of it, no less
    public void Apply_Aim_BringsTheMotionThereWithinItsBounds(float amplitude, float aim, float expected)
    {
        var loop = Loop(amplitude);
        var before = loop.Span.ToArray();

        var made = MotionNormalization.Apply(loop, aim);

        Assert.Equal(before[..4], made.Span[..4].ToArray());
        Assert.Equal(before, loop.Span.ToArray());
        var shift = loop.Span[0] - Loop(expected).Span[0];
        for (var index = 0; index < loop.Span.Length; index++)
        {
            Assert.Equal(Loop(expected).Span[index] + (index % 2 == 0 ? shift : 0), made.Span[index], 1e-5f);
        }
    }

    [Fact]
    public void Apply_StaticLoop_ReturnsItUnchanged()
        => Assert.Equal(Loop(0).Span.ToArray(), MotionNormalization.Apply(Loop(0), .4f).Span.ToArray());

    [Fact]
    public void Apply_NoAim_IsRefused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => MotionNormalization.Apply(Loop(1), 0));

    /// <summary>[16, 2, 1, 2]: in both channels a cosine, and beside it what stands still.</summary>
    private static FloatTensor Loop(float amplitude)
    {
        FloatTensor loop = new([16, 2, 1, 2]);
        for (var frame = 0; frame < 16; frame++)
        {
            for (var channel = 0; channel < 2; channel++)
            {
                loop.Span[(4 * frame) + (2 * channel)] = .3f + (amplitude * MathF.Cos(2 * MathF.PI * frame / 16));
                loop.Span[(4 * frame) + (2 * channel) + 1] = -.5f;
            }
        }

        return loop;
    }
}
