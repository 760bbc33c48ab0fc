using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

public sealed class NoiseSchedulerFactoryTests
{
    [Theory]
    [InlineData("ddim", typeof(DdimNoiseScheduler))]
    [InlineData("DDIM", typeof(DdimNoiseScheduler))]
    [InlineData("DDIMScheduler", typeof(DdimNoiseScheduler))]
    [InlineData("ddpm", typeof(DdpmNoiseScheduler))]
    [InlineData("DDPMScheduler", typeof(DdpmNoiseScheduler))]
    [InlineData("pndm", typeof(PndmNoiseScheduler))]
    [InlineData("PNDMScheduler", typeof(PndmNoiseScheduler))]
    [InlineData("euler", typeof(EulerNoiseScheduler))]
    [InlineData("EulerDiscreteScheduler", typeof(EulerNoiseScheduler))]
    [InlineData("euler-ancestral", typeof(EulerNoiseScheduler))]
    [InlineData("EulerAncestralDiscreteScheduler", typeof(EulerNoiseScheduler))]
    [InlineData("dpm++-2m", typeof(DpmSolverMultistepNoiseScheduler))]
    [InlineData("DPMSolverMultistepScheduler", typeof(DpmSolverMultistepNoiseScheduler))]
    [InlineData("unipc", typeof(UniPcNoiseScheduler))]
    [InlineData("UniPCMultistepScheduler", typeof(UniPcNoiseScheduler))]
    [InlineData("lcm", typeof(LcmNoiseScheduler))]
    [InlineData("LCMScheduler", typeof(LcmNoiseScheduler))]
    public void Create_NameOfAnotherClass_BuildsItFromSameConfiguration(string name, Type expected)
    {
        var configuration = new NoiseSchedulerConfiguration { ClassName = "PNDMScheduler", SkipPrkSteps = true };

        Assert.IsType(expected, NoiseSchedulerFactory.Create(configuration, 10, name));
    }

    [Fact]
    public void Create_UnknownName_ListsAcceptedOnes()
    {
        var error = Assert.Throws<NoiseSchedulerConfigurationException>(
            () => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration(), 10, "heun"));

        Assert.Contains("'heun'", error.Message, StringComparison.Ordinal);
        Assert.All(NoiseSchedulerFactory.Names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Create_NoNameAtAll_Throws() => Assert.Throws<NoiseSchedulerConfigurationException>(
        () => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration(), 10));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Create_StepsBeyondTraining_Throws(int steps) => Assert.All(
        NoiseSchedulerFactory.Names,
        name => Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration(), steps, name)));

    [Theory]
    [InlineData("flow-match-euler")]
    [InlineData("dpm++-2m")]
    [InlineData("unipc")]
    public void Create_FlowConfiguration_CanBeFollowedByOthersThatKnowFlow(string name)
    {
        var configuration = NoiseSchedulerConfiguration.Parse("""{ "_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0 }""");

        var scheduler = NoiseSchedulerFactory.Create(configuration, 10, name);

        Assert.InRange(scheduler.GetTimestep(0), 999, 1000);
        Assert.InRange(scheduler.GetTimestep(5), 700, 800);
    }

    [Theory]
    [InlineData("ddim")]
    [InlineData("ddpm")]
    [InlineData("pndm")]
    [InlineData("euler")]
    [InlineData("euler-ancestral")]
    [InlineData("lcm")]
    public void Create_FlowConfigurationForDiffusionOnly_NamesThoseThatKnowFlow(string name)
    {
        var configuration = new NoiseSchedulerConfiguration { ClassName = "FlowMatchEulerDiscreteScheduler" };

        var error = Assert.Throws<NoiseSchedulerConfigurationException>(() => NoiseSchedulerFactory.Create(configuration, 10, name));

        Assert.Contains("flow-match-euler, dpm++-2m, unipc", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FlowMatchingForNetworkThatPredictsNoise_IsRefused() => Assert.Throws<NoiseSchedulerConfigurationException>(
        () => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration { PredictionType = PredictionType.Epsilon }, 10, "flow-match-euler"));

    [Theory]
    [InlineData("dpm++-2m", """{ "algorithm_type": "sde-dpmsolver++" }""", "algorithm_type")]
    [InlineData("dpm++-2m", """{ "solver_type": "euler" }""", "midpoint, heun")]
    [InlineData("dpm++-2m", """{ "variance_type": "learned_range" }""", "variance_type")]
    [InlineData("dpm++-2m", """{ "lambda_min_clipped": 100 }""", "lambda_min_clipped")]
    [InlineData("dpm++-2m", """{ "timestep_spacing": "leading", "num_train_timesteps": 10 }""", "do not fit")]
    [InlineData("dpm++-2m", """{ "use_flow_sigmas": true }""", "use_flow_sigmas")]
    [InlineData("unipc", """{ "solver_type": "euler" }""", "bh1, bh2")]
    [InlineData("unipc", """{ "prediction_type": "flow_prediction", "use_karras_sigmas": true }""", "use_karras_sigmas")]
    [InlineData("unipc", """{ "prediction_type": "flow_prediction", "final_sigmas_type": "sigma_min" }""", "final_sigmas_type")]
    [InlineData("ddpm", """{ "variance_type": "learned" }""", "fixed_small, fixed_small_log, fixed_large")]
    [InlineData("pndm", """{ "prediction_type": "sample" }""", "prediction_type")]
    [InlineData("lcm", """{ "original_inference_steps": 4 }""", "original_inference_steps")]
    [InlineData("lcm", """{ "original_inference_steps": 2000 }""", "original_inference_steps")]
    [InlineData("ddim", """{ "rescale_betas_zero_snr": true, "beta_end": 0, "beta_start": 0 }""", "rescale_betas_zero_snr")]
    public void Create_WhatTheClassCannotFollow_IsRefusedByName(string name, string json, string named)
    {
        var configuration = NoiseSchedulerConfiguration.Parse(json);

        var error = Assert.Throws<NoiseSchedulerConfigurationException>(() => NoiseSchedulerFactory.Create(configuration, 10, name));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_PndmWithTooFewStepsForWarmUp_SaysHowMany()
    {
        var error = Assert.Throws<NoiseSchedulerConfigurationException>(
            () => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration(), 3, "pndm"));

        Assert.Contains("at least 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("euler")]
    [InlineData("euler-ancestral")]
    [InlineData("dpm++-2m")]
    [InlineData("unipc")]
    [InlineData("ddim")]
    [InlineData("pndm")]
    [InlineData("ddpm")]
    [InlineData("lcm")]
    public void Step_SignalZeroAtTheStart_EndsAtWhatThePredictionSays(string name)
    {
        // trained_betas as the sticker package has them: the last takes ᾱ to 0.
        double AlphaBar(int i) => Math.Pow(Math.Cos(Math.PI * (i + 1) / 2000), 2);
        double[] betas = [.. Enumerable.Range(0, 1000).Select(i => i == 999 ? 1 : i == 0 ? 1 - AlphaBar(0) : 1 - (AlphaBar(i) / AlphaBar(i - 1)))];
        var configuration = new NoiseSchedulerConfiguration
        {
            TrainedBetas = betas,
            PredictionType = PredictionType.VPrediction,
            TimestepSpacing = TimestepSpacing.Trailing,
            SetAlphaToOne = true,
            ClipSample = false,
            SkipPrkSteps = true,
        };
        var scheduler = NoiseSchedulerFactory.Create(configuration, 25, name);
        float[] target = [0.5f, -1.25f, 0.125f, 0.75f], noise = [0.3f, -0.7f, 1.1f, -0.2f];
        float[] sample = [.. noise.Select(value => value * scheduler.InitialNoiseScale)];
        var state = scheduler.CreateState(sample.Length);
        Assert.Equal(999, scheduler.GetTimestep(0));

        for (var step = 0; step < scheduler.StepCount; step++)
        {
            // A network that knows the target: v = α·ε − σ·x₀ with ε = (x − α·x₀)/σ.
            var alphaBar = AlphaBar((int)scheduler.GetTimestep(step));
            var (alpha, sigma) = (Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar));
            var scale = scheduler.GetModelInputScale(step);
            float[] output = [.. sample.Select((x, i) => (float)((alpha * ((x * scale) - (alpha * target[i])) / sigma) - (sigma * target[i])))];
            scheduler.Step(step, output, sample, scheduler.DrawsNoise(step) ? noise : [], state);
        }

        for (var i = 0; i < target.Length; i++)
        {
            Assert.Equal(target[i], sample[i], 0.004);
        }
    }
}
