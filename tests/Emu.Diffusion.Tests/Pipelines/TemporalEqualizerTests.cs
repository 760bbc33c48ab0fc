using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

public sealed class TemporalEqualizerTests
{
    private const int Frames = 16;

    [Fact]
    public void Apply_GainsOfOne_LeavesTheLoop()
    {
        var loop = Waves((1, 2f), (3, .5f), (8, .25f));

        var made = TemporalEqualizer.Apply(loop, [.. Enumerable.Repeat(1f, 9)]);

        Near.Equal(loop, made, 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void Apply_GainOfOneFrequency_MultipliesThatMotionAlone(int frequency)
    {
        float[] gains = [.. Enumerable.Range(0, 9).Select(index => index == frequency ? 3f : 1f)];
        var loop = Waves((frequency, .7f), (2, .4f));

        var made = TemporalEqualizer.Apply(loop, gains);

        // Deviations from the first frame: three times the wave's own, and the other wave's as they were.
        var expected = Waves((frequency, 2.1f), (2, .4f));
        float[] shift = [loop.Span[0] - expected.Span[0], loop.Span[1] - expected.Span[1]];
        Near.Equal(new FloatTensor(expected.Shape, expected.Span.ToArray().Select((value, index) => value + shift[index % 2]).ToArray()), made, 1e-5f);
    }

    [Fact]
    public void Apply_AnyGains_KeepsTheFirstFrameBitForBitAndTheInput()
    {
        var loop = Waves((1, 1.3f), (7, .9f));
        var before = loop.Span.ToArray();

        var made = TemporalEqualizer.Apply(loop, [1, 1.4f, 1.1f, .9f, .8f, .7f, .6f, .5f, .5f]);

        Assert.Equal(before[..2], made.Span[..2].ToArray());
        Assert.Equal(before, loop.Span.ToArray());
    }

    [Fact]
    public void Apply_HalvingSomewhere_GivesEachPositionItsShare()
    {
        var loop = Waves((1, .8f));
        float[] gains = [1, 2, 1, 1, 1, 1, 1, 1, 1];
        float[] motion = [.8f / MathF.Sqrt(2), .4f / MathF.Sqrt(2)];    // of a cosine; the second position moves half as far

        var made = TemporalEqualizer.Apply(loop, gains, motion[0]);

        // At the first position half of the doubling, at the second 1 / (1 + (1/2)²) of it.
        var whole = TemporalEqualizer.Apply(loop, gains);
        for (var index = 0; index < loop.Span.Length; index++)
        {
            var share = index % 2 == 0 ? .5f : .8f;
            Assert.Equal(loop.Span[index] + (share * (whole.Span[index] - loop.Span[index])), made.Span[index], 1e-5f);
        }
    }

    [Fact]
    public void Apply_HalvingAtMotionThatAllChannelsShare_CountsThemTogether()
    {
        // One position of two channels, of which one stands still: its motion is that of the other over the root of two.
        FloatTensor loop = new([Frames, 2, 1, 1]);
        for (var frame = 0; frame < Frames; frame++)
        {
            loop.Span[2 * frame] = .7f;
            loop.Span[(2 * frame) + 1] = 2 * MathF.Cos(2 * MathF.PI * frame / Frames);
        }

        var made = TemporalEqualizer.Apply(loop, [1, 3, 1, 1, 1, 1, 1, 1, 1], halvesAt: 1);

        Assert.All(Enumerable.Range(0, Frames), frame => Assert.Equal(.7f, made.Span[2 * frame], 1e-5f));
        // From cos = 1 to cos = −1 the wave falls by 4; half of the tripling makes it 8.
        Assert.Equal(8f, made.Span[1] - made.Span[17], 1e-4f);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    public void Apply_HalvesAtNotPositive_Throws(float halvesAt)
        => Assert.Throws<ArgumentOutOfRangeException>(() => TemporalEqualizer.Apply(Waves((1, 1f)), [.. Enumerable.Repeat(1f, 9)], halvesAt));

    [Fact]
    public void Apply_StaticLoop_StaysStatic()
    {
        var still = Waves();

        Near.Equal(still, TemporalEqualizer.Apply(still, [1, 1.5f, 1.5f, 1, 1, 1, .5f, .5f, .5f]), 1e-6f);
    }

    [Fact]
    public void Apply_TooFewGains_SaysHowManyThereAre()
    {
        var error = Assert.Throws<ArgumentException>(() => TemporalEqualizer.Apply(Waves(), [1, 1]));

        Assert.Contains("2 gains were given; a loop of 16 frames has 9.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>[16, 1, 1, 2]: a constant and cosines of the given frequencies and amplitudes; the second position half as large.</summary>
    private static FloatTensor Waves(params (int Frequency, float Amplitude)[] waves)
    {
        FloatTensor loop = new([Frames, 1, 1, 2]);
        for (var frame = 0; frame < Frames; frame++)
        {
            var value = waves.Sum(wave => wave.Amplitude * Math.Cos((2 * Math.PI * wave.Frequency * frame / Frames) + (wave.Frequency == Frames / 2 ? 0 : .4)));
            loop.Span[2 * frame] = (float)(.3 + value);
            loop.Span[(2 * frame) + 1] = (float)(.3 + (value / 2));
        }

        return loop;
    }
}
