using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

public sealed class NoiseSchedulerConfigurationTests
{
    [Fact]
    public void Parse_StableDiffusionConfiguration_ReadsEveryField()
    {
        var configuration = NoiseSchedulerConfiguration.Parse("""
            {
              "_class_name": "PNDMScheduler", "_diffusers_version": "0.6.0",
              "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "num_train_timesteps": 1000,
              "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null, "clip_sample": false
            }
            """);

        Assert.Equal(
            new NoiseSchedulerConfiguration
            {
                ClassName = "PNDMScheduler",
                BetaStart = 0.00085,
                BetaEnd = 0.012,
                BetaSchedule = BetaSchedule.ScaledLinear,
                SetAlphaToOne = false,
                SkipPrkSteps = true,
                StepsOffset = 1,
                ClipSample = false,
            },
            configuration);
    }

    [Fact]
    public void Parse_FieldThatDiffusersDefaulted_IsNotGiven()
    {
        var configuration = NoiseSchedulerConfiguration.Parse(
            """{ "timestep_spacing": "leading", "clip_sample": true, "_use_default_values": ["timestep_spacing"] }""");

        Assert.Null(configuration.TimestepSpacing);
        Assert.True(configuration.ClipSample);
    }

    [Theory]
    [InlineData("""{ "lambda_min_clipped": -Infinity }""", double.NegativeInfinity)]
    [InlineData("""{ "lambda_min_clipped" : -Infinity, "steps_offset": 0 }""", double.NegativeInfinity)]
    [InlineData("""{ "lambda_min_clipped": -5.1 }""", -5.1)]
    public void Parse_PythonInfinity_IsUnderstood(string json, double expected) =>
        Assert.Equal(expected, NoiseSchedulerConfiguration.Parse(json).LambdaMinClipped);

    [Theory]
    [InlineData("""{ "sharpen_sigmas": true }""", "sharpen_sigmas")]
    [InlineData("""{ "thresholding": true }""", "thresholding")]
    [InlineData("""{ "use_beta_sigmas": true }""", "use_beta_sigmas")]
    [InlineData("""{ "use_dynamic_shifting": true }""", "use_dynamic_shifting")]
    [InlineData("""{ "shift_terminal": 0.1 }""", "shift_terminal")]
    [InlineData("""{ "interpolation_type": "log_linear" }""", "interpolation_type")]
    [InlineData("""{ "prediction_type": "noise" }""", "epsilon, v_prediction, sample, flow_prediction")]
    [InlineData("""{ "beta_schedule": "sigmoid" }""", "linear, scaled_linear, squaredcos_cap_v2")]
    [InlineData("""{ "num_train_timesteps": 0 }""", "num_train_timesteps")]
    [InlineData("""{ "num_train_timesteps": 12.5 }""", "num_train_timesteps")]
    [InlineData("""{ "beta_start": "small" }""", "beta_start")]
    [InlineData("""{ "beta_end": 1.5 }""", "beta_end")]
    [InlineData("""{ "clip_sample": 1 }""", "clip_sample")]
    [InlineData("""{ "trained_betas": [0.1, 0.2] }""", "trained_betas")]
    [InlineData("""{ "trained_betas": [0.1, -0.2], "num_train_timesteps": 2 }""", "trained_betas")]
    [InlineData("[]", "object")]
    [InlineData("{", "Not JSON")]
    public void Parse_WhatCannotBeFollowed_IsRefusedByName(string json, string named)
    {
        var error = Assert.Throws<NoiseSchedulerConfigurationException>(() => NoiseSchedulerConfiguration.Parse(json));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "_anything": { "at": "all" } }""")]
    [InlineData("""{ "thresholding": false, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0 }""")]
    [InlineData("""{ "sharpen_sigmas": null }""")]
    [InlineData("""{ "use_beta_sigmas": false, "time_shift_type": "exponential", "shift_terminal": null }""")]
    public void Parse_HarmlessField_IsAccepted(string json) =>
        Assert.Equal(new NoiseSchedulerConfiguration(), NoiseSchedulerConfiguration.Parse(json));

    [Fact]
    public void Load_BadFile_NamesFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, """{ "thresholding": true }""");
        try
        {
            var error = Assert.Throws<NoiseSchedulerConfigurationException>(() => NoiseSchedulerConfiguration.Load(path));

            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
