using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

public sealed class NoiseSchedulerStateTests
{
    public static TheoryData<string> Names => [.. NoiseSchedulerFactory.Names];

    public static TheoryData<string> NamesWithHistory => ["pndm", "dpm++-2m", "unipc"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_AfterTheFirst_AllocatesNothing(string name)
    {
        var scheduler = Create(name);
        float[] sample = new float[5000], output = new float[5000], noise = new float[5000];
        var state = scheduler.CreateState(sample.Length);
        scheduler.Step(0, output, sample, noise, state);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var step = 1; step < scheduler.StepCount; step++)
        {
            scheduler.Step(step, output, sample, noise, state);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_SampleElsewhereInMemory_GivesSameBits(string name)
    {
        const int Length = 2077;
        var scheduler = Create(name);
        var random = new Random(11);
        float[] start = Draw(), noise = Draw();
        float[][] outputs = [.. Enumerable.Range(0, scheduler.StepCount).Select(_ => Draw())];
        var expected = Run(0);

        for (var shift = 1; shift < 16; shift++)
        {
            Assert.Equal(expected, Run(shift));
        }

        float[] Draw() => [.. Enumerable.Range(0, Length).Select(_ => random.NextSingle() - 0.5f)];

        float[] Run(int shift)
        {
            float[] sample = new float[Length + 16], output = new float[Length + 16];
            start.CopyTo(sample, shift);
            var state = scheduler.CreateState(Length);
            for (var step = 0; step < scheduler.StepCount; step++)
            {
                outputs[step].CopyTo(output, 16 - shift);
                scheduler.Step(step, output.AsSpan(16 - shift, Length), sample.AsSpan(shift, Length), noise, state);
            }

            return sample[shift..(shift + Length)];
        }
    }

    [Theory]
    [MemberData(nameof(NamesWithHistory))]
    public void Step_StateOfAnotherScheduler_Throws(string name)
    {
        var scheduler = Create(name);

        Assert.Throws<ArgumentException>(() => scheduler.Step(0, new float[4], new float[4], [], NoiseSchedulerState.Empty()));
    }

    [Theory]
    [MemberData(nameof(NamesWithHistory))]
    public void Step_StateForAnotherLength_Throws(string name)
    {
        var scheduler = Create(name);
        var state = scheduler.CreateState(3);

        Assert.Throws<ArgumentException>(() => scheduler.Step(0, new float[4], new float[4], [], state));
    }

    [Theory]
    [MemberData(nameof(NamesWithHistory))]
    public void Step_CounterOutOfRange_Throws(string name)
    {
        var scheduler = Create(name);
        var state = scheduler.CreateState(4);
        state.Counters["remembered"] = 99;

        var error = Assert.Throws<ArgumentException>(() => scheduler.Step(0, new float[4], new float[4], [], state));

        Assert.Contains("remembered", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_BegunHalfWayWithNewState_StaysFinite(string name)
    {
        var scheduler = Create(name);
        float[] sample = [1, -2, 0.5f, 3], output = [0.1f, 0.2f, -0.3f, 0.4f];
        var state = scheduler.CreateState(sample.Length);

        for (var step = scheduler.StepCount / 2; step < scheduler.StepCount; step++)
        {
            scheduler.Step(step, output, sample, scheduler.DrawsNoise(step) ? new float[4] : [], state);
        }

        Assert.All(sample, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Step_PndmBegunInsideAStep_Throws()
    {
        var scheduler = Create("pndm");

        Assert.Throws<ArgumentException>(() => scheduler.Step(1, new float[4], new float[4], [], scheduler.CreateState(4)));
    }

    [Theory]
    [InlineData("ddpm")]
    [InlineData("euler-ancestral")]
    [InlineData("lcm")]
    public void Step_NoiseMissingWhereDrawn_Throws(string name)
    {
        var scheduler = Create(name);

        Assert.Throws<ArgumentException>(() => scheduler.Step(0, new float[4], new float[4], [], scheduler.CreateState(4)));
    }

    [Theory]
    [InlineData("euler")]
    [InlineData("euler-ancestral")]
    [InlineData("dpm++-2m")]
    [InlineData("unipc")]
    public void AddNoise_TimestepBetweenThoseVisited_AgreesWithDdim(string name)
    {
        float[] clean = [1, -2], noise = [0.5f, 0.25f], expected = new float[2], actual = new float[2];
        var scheduler = Create(name);
        Create("ddim").AddNoise(clean, noise, 100, expected);

        scheduler.AddNoise(clean, noise, 100, actual);

        // Euler's samples are x₀ + σ·ε: the same up to √ᾱ.
        var scale = name.StartsWith("euler", StringComparison.Ordinal) ? expected[0] / actual[0] : 1;
        Assert.Equal(expected[0], actual[0] * scale, 1e-5);
        Assert.Equal(expected[1], actual[1] * scale, 1e-5);
    }

    [Theory]
    [InlineData("euler")]
    [InlineData("dpm++-2m")]
    [InlineData("flow-match-euler")]
    public void AddNoise_TimestepBeyondTraining_Throws(string name)
    {
        var scheduler = Create(name);

        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.AddNoise(new float[1], new float[1], -1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.AddNoise(new float[1], new float[1], 1001, new float[1]));
    }

    private static INoiseScheduler Create(string name) => NoiseSchedulerFactory.Create(
        new NoiseSchedulerConfiguration
        {
            PredictionType = name == "flow-match-euler" ? PredictionType.Flow : PredictionType.Epsilon,
            SkipPrkSteps = true,
        },
        12,
        name);
}
