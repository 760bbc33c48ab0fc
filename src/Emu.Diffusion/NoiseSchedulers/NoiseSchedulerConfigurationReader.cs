using System.Text.Json;
using System.Text.RegularExpressions;

namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Reads <see cref="NoiseSchedulerConfiguration"/> from JSON as diffusers writes it.</summary>
internal static partial class NoiseSchedulerConfigurationReader
{
    private const string UnitInterval = "a number from 0 to 1";
    private const string Positive = "a number above 0";

    public static NoiseSchedulerConfiguration Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = ParseDocument(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new NoiseSchedulerConfigurationException("A noise scheduler's configuration is a JSON object.");
        }

        var fields = new ConfigurationFields(document.RootElement);
        RefuseUnsupported(fields);
        var configuration = ReadFields(fields);
        var unknown = fields.Remaining.Where(name => !name.StartsWith('_')).ToList();
        if (unknown.Count > 0)
        {
            throw new NoiseSchedulerConfigurationException(
                $"'{string.Join("', '", unknown)}' is not a known field and might change results. Remove it if it does not.");
        }

        if (configuration.TrainedBetas is { } betas && betas.Count != configuration.TrainTimesteps)
        {
            throw new NoiseSchedulerConfigurationException(
                $"'trained_betas' has {betas.Count} values. Accepted: as many as 'num_train_timesteps', {configuration.TrainTimesteps}.");
        }

        return configuration;
    }

    private static JsonDocument ParseDocument(string json)
    {
        try
        {
            // Python writes infinities that JSON does not know; DPM-Solver's default configuration has one.
            return JsonDocument.Parse(PythonInfinity().Replace(json, "${1}${2}1e999"));
        }
        catch (JsonException error)
        {
            throw new NoiseSchedulerConfigurationException($"Not JSON: {error.Message}", error);
        }
    }

    private static NoiseSchedulerConfiguration ReadFields(ConfigurationFields fields)
    {
        var defaults = new NoiseSchedulerConfiguration();
        return new NoiseSchedulerConfiguration
        {
            ClassName = fields.Text("_class_name"),
            TrainTimesteps = fields.Integer("num_train_timesteps", 1, 1_000_000) ?? defaults.TrainTimesteps,
            BetaStart = fields.Number("beta_start", value => value is >= 0 and <= 1, UnitInterval),
            BetaEnd = fields.Number("beta_end", value => value is >= 0 and <= 1, UnitInterval),
            BetaSchedule = fields.Choice(
                "beta_schedule",
                ("linear", NoiseSchedulers.BetaSchedule.Linear),
                ("scaled_linear", NoiseSchedulers.BetaSchedule.ScaledLinear),
                ("squaredcos_cap_v2", NoiseSchedulers.BetaSchedule.SquaredCosine)),
            TrainedBetas = fields.Numbers("trained_betas", value => value is >= 0 and <= 1, "numbers from 0 to 1"),
            RescaleBetasZeroSnr = fields.Boolean("rescale_betas_zero_snr") ?? false,
            PredictionType = fields.Choice(
                "prediction_type",
                ("epsilon", NoiseSchedulers.PredictionType.Epsilon),
                ("v_prediction", NoiseSchedulers.PredictionType.VPrediction),
                ("sample", NoiseSchedulers.PredictionType.Sample),
                ("flow_prediction", NoiseSchedulers.PredictionType.Flow)),
            TimestepSpacing = fields.Choice(
                "timestep_spacing",
                ("leading", NoiseSchedulers.TimestepSpacing.Leading),
                ("trailing", NoiseSchedulers.TimestepSpacing.Trailing),
                ("linspace", NoiseSchedulers.TimestepSpacing.Linspace)),
            StepsOffset = fields.Integer("steps_offset", 0) ?? 0,
            SetAlphaToOne = fields.Boolean("set_alpha_to_one"),
            ClipSample = fields.Boolean("clip_sample"),
            ClipSampleRange = fields.Number("clip_sample_range", value => value > 0, Positive) ?? 1,
            VarianceType = fields.Text("variance_type"),
            SkipPrkSteps = fields.Boolean("skip_prk_steps") ?? false,
            UseKarrasSigmas = fields.Boolean("use_karras_sigmas") ?? false,
            SigmaMin = fields.Number("sigma_min", value => value > 0, Positive),
            SigmaMax = fields.Number("sigma_max", value => value > 0 && double.IsFinite(value), Positive),
            FinalSigma = fields.Choice("final_sigmas_type", ("zero", FinalSigma.Zero), ("sigma_min", FinalSigma.SigmaMin)) ?? FinalSigma.Zero,
            ContinuousTimesteps = fields.Choice("timestep_type", ("discrete", false), ("continuous", true)) ?? false,
            SolverOrder = fields.Integer("solver_order", 1, 3) ?? defaults.SolverOrder,
            AlgorithmType = fields.Text("algorithm_type"),
            SolverType = fields.Text("solver_type"),
            LowerOrderFinal = fields.Boolean("lower_order_final") ?? true,
            EulerAtFinal = fields.Boolean("euler_at_final") ?? false,
            LambdaMinClipped = fields.Number("lambda_min_clipped", _ => true, "a number") ?? double.NegativeInfinity,
            PredictX0 = fields.Boolean("predict_x0") ?? true,
            DisableCorrector = ToSteps(fields.Numbers("disable_corrector", double.IsInteger, "whole numbers")),
            OriginalInferenceSteps = fields.Integer("original_inference_steps", 1) ?? defaults.OriginalInferenceSteps,
            TimestepScaling = fields.Number("timestep_scaling", value => value > 0, Positive) ?? defaults.TimestepScaling,
            Shift = fields.Number("shift", value => value > 0, Positive),
            UseFlowSigmas = fields.Boolean("use_flow_sigmas"),
            FlowShift = fields.Number("flow_shift", value => value > 0, Positive),
        };
    }

    private static void RefuseUnsupported(ConfigurationFields fields)
    {
        const string Spacing = "noise levels are spaced by timestep or as Karras et al.";
        fields.RequireFalse("thresholding", "dynamic thresholding is for models of pixels, not of latents");
        fields.RequireFalse("use_exponential_sigmas", Spacing);
        fields.RequireFalse("use_beta_sigmas", Spacing);
        fields.RequireFalse("use_lu_lambdas", Spacing);
        fields.RequireFalse("use_dynamic_shifting", "the shift of the noise levels is fixed");
        fields.RequireFalse("invert_sigmas", "noise levels fall from 1 to 0");
        fields.RequireFalse("stochastic_sampling", "flow matching is integrated without fresh noise");
        fields.RequireNull("shift_terminal", "noise levels are not stretched");
        fields.RequireNull("solver_p", "UniPC predicts by its own predictor");
        _ = fields.Choice("interpolation_type", ("linear", 0));

        // These matter only beside a field that is refused above.
        fields.Ignore(
            "dynamic_thresholding_ratio", "sample_max_value", "base_shift", "max_shift", "base_image_seq_len", "max_image_seq_len", "time_shift_type");
    }

    private static int[] ToSteps(double[]? values) => values is null ? [] : [.. values.Select(value => (int)value)];

    // Only as a value: after a colon, a comma or a bracket, never inside a string that follows them with a quote.
    [GeneratedRegex(@"([:,\[]\s*)(-?)Infinity(?=\s*[,\]}])")]
    private static partial Regex PythonInfinity();
}
