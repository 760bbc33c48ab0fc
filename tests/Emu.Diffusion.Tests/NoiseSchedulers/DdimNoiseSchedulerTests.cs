using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

public sealed class DdimNoiseSchedulerTests
{
    [Fact]
    public void Constructor_EpsilonWhereSignalIsZero_IsRefused()
    {
        var configuration = new NoiseSchedulerConfiguration { RescaleBetasZeroSnr = true, TimestepSpacing = TimestepSpacing.Trailing };

        var error = Assert.Throws<NoiseSchedulerConfigurationException>(() => new DdimNoiseScheduler(configuration, 10));

        Assert.Contains("timestep 999", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OffsetBeyondTraining_IsRefused()
    {
        var configuration = new NoiseSchedulerConfiguration { StepsOffset = 1 };

        var error = Assert.Throws<NoiseSchedulerConfigurationException>(() => new DdimNoiseScheduler(configuration, 1000));

        Assert.Contains("steps_offset", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_ClippedPrediction_KeepsCleanSampleInRangeAndNetworkNoise()
    {
        var configuration = new NoiseSchedulerConfiguration { PredictionType = PredictionType.Sample, ClipSample = true, ClipSampleRange = 0.5 };
        var clipped = new DdimNoiseScheduler(configuration, 1);
        var free = new DdimNoiseScheduler(configuration with { ClipSample = false }, 1);
        float[] output = [.. Enumerable.Range(0, 3000).Select(i => (i % 7) - 3f)];
        float[] sample = new float[output.Length], unclipped = new float[output.Length];

        clipped.Step(0, output, sample, [], clipped.CreateState(output.Length));
        free.Step(0, output, unclipped, [], free.CreateState(output.Length));

        // A single step ends at ᾱ = 1: the clean sample itself.
        Assert.Equal(output.Select(value => Math.Clamp(value, -0.5f, 0.5f)), sample);
        Assert.Equal(output, unclipped);
    }

    [Fact]
    public void Step_LengthsThatDiffer_Throws()
    {
        var scheduler = new DdimNoiseScheduler(new NoiseSchedulerConfiguration(), 5);

        Assert.Throws<ArgumentException>(() => scheduler.Step(0, new float[3], new float[4], [], NoiseSchedulerState.Empty()));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Step(5, new float[4], new float[4], [], NoiseSchedulerState.Empty()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0.5f)]
    [InlineData(1000)]
    public void AddNoise_TimestepThatTrainingDidNotHave_Throws(float timestep)
    {
        var scheduler = new DdimNoiseScheduler(new NoiseSchedulerConfiguration(), 5);

        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.AddNoise(new float[1], new float[1], timestep, new float[1]));
    }
}
