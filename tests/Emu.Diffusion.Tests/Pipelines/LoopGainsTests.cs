using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

public sealed class LoopGainsTests
{
    private const int Frames = 16;

    [Fact]
    public void Apply_GainsOfOne_LeavesTheLoop()
    {
        FloatTensor loop = Waves((1, 2f), (3, .5f), (8, .25f));

        FloatTensor made = LoopGains.Apply(loop, [.. Enumerable.Repeat(1f, 9)]);

        Near.Equal(loop, made, 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void Apply_GainOfOneFrequency_MultipliesThatMotionAlone(int frequency)
    {
        float[] gains = [.. Enumerable.Range(0, 9).Select(index => index == frequency ? 3f : 1f)];
        FloatTensor loop = Waves((frequency, .7f), (2, .4f));

        FloatTensor made = LoopGains.Apply(loop, gains);

        // Deviations from the first frame: three times the wave's own, and the other wave's as they were.
        FloatTensor expected = Waves((frequency, 2.1f), (2, .4f));
        float[] shift = [loop.Span[0] - expected.Span[0], loop.Span[1] - expected.Span[1]];
        Near.Equal(new FloatTensor(expected.Shape, expected.Span.ToArray().Select((value, index) => value + shift[index % 2]).ToArray()), made, 1e-5f);
    }

    [Fact]
    public void Apply_AnyGains_KeepsTheFirstFrameBitForBitAndTheInput()
    {
        FloatTensor loop = Waves((1, 1.3f), (7, .9f));
        float[] before = loop.Span.ToArray();

        FloatTensor made = LoopGains.Apply(loop, [1, 1.4f, 1.1f, .9f, .8f, .7f, .6f, .5f, .5f]);

        Assert.Equal(before[..2], made.Span[..2].ToArray());
        Assert.Equal(before, loop.Span.ToArray());
    }

    [Fact]
    public void Apply_StillLoop_StaysStill()
    {
        FloatTensor still = Waves();

        Near.Equal(still, LoopGains.Apply(still, [1, 1.5f, 1.5f, 1, 1, 1, .5f, .5f, .5f]), 1e-6f);
    }

    [Fact]
    public void Apply_TooFewGains_SaysHowManyThereAre()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LoopGains.Apply(Waves(), [1, 1]));

        Assert.Contains("2 gains were given; a loop of 16 frames has 9.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>[16, 1, 1, 2]: a constant and cosines of the given frequencies and amplitudes; the second position half as large.</summary>
    private static FloatTensor Waves(params (int Frequency, float Amplitude)[] waves)
    {
        FloatTensor loop = new([Frames, 1, 1, 2]);
        for (int frame = 0; frame < Frames; frame++)
        {
            double value = waves.Sum(wave => wave.Amplitude * Math.Cos((2 * Math.PI * wave.Frequency * frame / Frames) + (wave.Frequency == Frames / 2 ? 0 : .4)));
            loop.Span[2 * frame] = (float)(.3 + value);
            loop.Span[(2 * frame) + 1] = (float)(.3 + (value / 2));
        }

        return loop;
    }
}
