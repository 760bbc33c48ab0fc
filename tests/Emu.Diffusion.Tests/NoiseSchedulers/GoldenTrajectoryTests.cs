using System.Text.Json;
using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

public sealed class GoldenTrajectoryTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Cases => [.. GoldenTrajectory.Names];

    /// <summary>diffusers 0.30.3 has no <c>add_noise</c> for flow matching.</summary>
    public static TheoryData<string> CasesWithAddNoise => [.. GoldenTrajectory.Names.Where(name => GoldenTrajectory.Load(name).AddNoise is not null)];

    public static TheoryData<string, int> CasesAndCuts
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in GoldenTrajectory.Names)
            {
                for (var cut = 1; cut < GoldenTrajectory.Load(name).States.Length; cut++)
                {
                    data.Add(name, cut);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_ConfigurationOfDiffusers_GivesItsPlan(string name)
    {
        var golden = GoldenTrajectory.Load(name);

        var scheduler = golden.CreateScheduler();

        Assert.Equal(golden.Timesteps.Length, scheduler.StepCount);
        Near(golden.Timesteps, [.. Enumerable.Range(0, scheduler.StepCount).Select(scheduler.GetTimestep)]);
        Near([golden.InitialNoiseScale], [scheduler.InitialNoiseScale]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_EveryStep_GivesStateOfDiffusers(string name)
    {
        var golden = GoldenTrajectory.Load(name);
        var scheduler = golden.CreateScheduler();
        var sample = golden.StartingSample(scheduler);
        var state = scheduler.CreateState(sample.Length);

        for (var step = 0; step < scheduler.StepCount; step++)
        {
            golden.Step(scheduler, step, sample, state);
            Near(golden.States[step], sample);
        }
    }

    [Theory]
    [MemberData(nameof(CasesAndCuts))]
    public void Step_StateSavedAndRestoredBetweenSteps_EndsBitIdentical(string name, int cut)
    {
        var golden = GoldenTrajectory.Load(name);
        var scheduler = golden.CreateScheduler();
        var uninterrupted = golden.StartingSample(scheduler);
        var interrupted = golden.StartingSample(scheduler);
        var state = scheduler.CreateState(uninterrupted.Length);
        for (var step = 0; step < scheduler.StepCount; step++)
        {
            golden.Step(scheduler, step, uninterrupted, state);
        }

        state = scheduler.CreateState(interrupted.Length);
        for (var step = 0; step < scheduler.StepCount; step++)
        {
            if (step == cut)
            {
                state = SaveAndRestore(state);
                scheduler = golden.CreateScheduler();
            }

            golden.Step(scheduler, step, interrupted, state);
        }

        Assert.Equal(uninterrupted, interrupted);
    }

    [Theory]
    [MemberData(nameof(CasesWithAddNoise))]
    public void AddNoise_TimestepOfPlan_GivesResultOfDiffusers(string name)
    {
        var golden = GoldenTrajectory.Load(name);
        var expected = golden.AddNoise!.Value;
        var noised = new float[expected.Clean.Length];
        golden.CreateScheduler().AddNoise(expected.Clean, golden.Noise, expected.Timestep, noised);

        Near(expected.Result, noised);
    }

    /// <summary>Within 1e-4 of the larger of the element's own magnitude and the state's root mean square.</summary>
    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var rootMeanSquare = Math.Sqrt(expected.Average(value => (double)value * value));
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(expected[i] - actual[i]) / Math.Max(Math.Abs(expected[i]), rootMeanSquare);
            Assert.True(error <= Tolerance, $"Element {i}: {actual[i]:R} instead of {expected[i]:R}, {error:E1} relative.");
        }
    }

    private static NoiseSchedulerState SaveAndRestore(NoiseSchedulerState state)
    {
        var tensors = JsonSerializer.Serialize(state.Tensors);
        var counters = JsonSerializer.Serialize(state.Counters);
        return new NoiseSchedulerState(
            JsonSerializer.Deserialize<Dictionary<string, float[]>>(tensors)!,
            JsonSerializer.Deserialize<Dictionary<string, long>>(counters)!);
    }
}
