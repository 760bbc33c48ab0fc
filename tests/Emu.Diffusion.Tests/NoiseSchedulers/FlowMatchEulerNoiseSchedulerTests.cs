using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

public sealed class FlowMatchEulerNoiseSchedulerTests
{
    private static readonly NoiseSchedulerConfiguration Configuration = new() { PredictionType = PredictionType.Flow, Shift = 3 };

    [Theory]
    [InlineData(1000, 0, 1)]
    [InlineData(250, 0.75, 0.25)]
    [InlineData(0, 1, 0)]
    public void AddNoise_AnyTimestep_MixesBySigma(float timestep, float cleanWeight, float noiseWeight)
    {
        float[] clean = [2, -1], noise = [0.5f, 4], noised = new float[2];

        new FlowMatchEulerNoiseScheduler(Configuration, 8).AddNoise(clean, noise, timestep, noised);

        Assert.Equal((cleanWeight * clean[0]) + (noiseWeight * noise[0]), noised[0], 1e-6f);
        Assert.Equal((cleanWeight * clean[1]) + (noiseWeight * noise[1]), noised[1], 1e-6f);
    }

    [Fact]
    public void Step_StraightFlow_ReachesCleanSample()
    {
        var scheduler = new FlowMatchEulerNoiseScheduler(Configuration, 8);
        float[] clean = [2, -1], noise = [0.5f, 4], sample = [.. noise];
        float[] flow = [noise[0] - clean[0], noise[1] - clean[1]];

        for (var step = 0; step < scheduler.StepCount; step++)
        {
            scheduler.Step(step, flow, sample, [], NoiseSchedulerState.Empty());
        }

        Assert.Equal(clean[0], sample[0], 1e-5f);
        Assert.Equal(clean[1], sample[1], 1e-5f);
    }
}
