namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// What a diffusers <c>scheduler_config.json</c> says. A property that is null was not given: the noise scheduler built from
/// the configuration takes its own class's default, as in diffusers, where defaults differ between classes.
/// </summary>
/// <remarks>Fields of one class are kept while another is built from the same configuration (diffusers' <c>from_config</c>).</remarks>
public sealed record NoiseSchedulerConfiguration
{
    /// <summary>The diffusers class that wrote the configuration, for example <c>DDIMScheduler</c>.</summary>
    public string? ClassName { get; init; }

    /// <summary>Timesteps of training, N. Default 1000.</summary>
    public int TrainTimesteps { get; init; } = 1000;

    /// <summary>β at the first timestep, 0 to 1. Class default 0.0001 (LCM: 0.00085).</summary>
    public double? BetaStart { get; init; }

    /// <summary>β at the last timestep, 0 to 1. Class default 0.02 (LCM: 0.012).</summary>
    public double? BetaEnd { get; init; }

    /// <summary>How β grows. Class default linear (LCM: scaled linear).</summary>
    public BetaSchedule? BetaSchedule { get; init; }

    /// <summary>β at every timestep, instead of a schedule: <see cref="TrainTimesteps"/> values from 0 to 1.</summary>
    public IReadOnlyList<double>? TrainedBetas { get; init; }

    /// <summary>Whether ᾱ is shifted and scaled to reach 0 at the last timestep (Lin et al., arXiv 2305.08891, algorithm 1). Default false.</summary>
    public bool RescaleBetasZeroSnr { get; init; }

    /// <summary>What the network predicts. Class default ε; flow for flow matching.</summary>
    public PredictionType? PredictionType { get; init; }

    /// <summary>Which timesteps are visited. Class default: leading for DDIM, DDPM and PNDM, else linspace.</summary>
    public TimestepSpacing? TimestepSpacing { get; init; }

    /// <summary>Added to every timestep under leading spacing. Default 0.</summary>
    public int StepsOffset { get; init; }

    /// <summary>Whether the last step ends at ᾱ = 1 rather than at the first timestep's ᾱ. Class default true (PNDM: false).</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary>Whether the predicted clean sample is clipped. Class default true for DDIM and DDPM, false for LCM; others do not clip.</summary>
    public bool? ClipSample { get; init; }

    /// <summary>The bound that a clipped sample keeps within. Default 1.</summary>
    public double ClipSampleRange { get; init; } = 1;

    /// <summary>DDPM: <c>fixed_small</c> (default), <c>fixed_small_log</c> or <c>fixed_large</c>.</summary>
    public string? VarianceType { get; init; }

    /// <summary>PNDM: whether the Runge-Kutta warm-up is left out. Default false.</summary>
    public bool SkipPrkSteps { get; init; }

    /// <summary>Whether noise levels follow Karras et al. (arXiv 2206.00364, equation 5, ρ = 7). Default false.</summary>
    public bool UseKarrasSigmas { get; init; }

    /// <summary>Smallest Karras noise level; null takes the schedule's own.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>Largest Karras noise level; null takes the schedule's own.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>The noise level that the last step ends at. Default zero.</summary>
    public FinalSigma FinalSigma { get; init; }

    /// <summary>Euler with v-prediction: whether the network is handed ln(σ)/4 as its timestep (Stable Video Diffusion). Default false.</summary>
    public bool ContinuousTimesteps { get; init; }

    /// <summary>Order of a multistep solver. Default 2.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>DPM-Solver: <c>dpmsolver++</c> (default).</summary>
    public string? AlgorithmType { get; init; }

    /// <summary>DPM-Solver++: <c>midpoint</c> (default) or <c>heun</c>; UniPC: <c>bh2</c> (default) or <c>bh1</c>. Another class's value means the default.</summary>
    public string? SolverType { get; init; }

    /// <summary>Whether a multistep solver falls back to lower orders at the end. Default true.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>DPM-Solver++: whether the last step is always of first order. Default false.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>DPM-Solver++: timesteps whose ln(α/σ) is below this are not visited. Default −∞.</summary>
    public double LambdaMinClipped { get; init; } = double.NegativeInfinity;

    /// <summary>UniPC: whether the clean sample rather than the noise is extrapolated. Default true.</summary>
    public bool PredictX0 { get; init; } = true;

    /// <summary>UniPC: steps after which the corrector is left out. Default none.</summary>
    public IReadOnlyList<int> DisableCorrector { get; init; } = [];

    /// <summary>LCM: steps of the schedule that the model was distilled on. Default 50.</summary>
    public int OriginalInferenceSteps { get; init; } = 50;

    /// <summary>LCM: what timesteps are multiplied by in the boundary condition. Default 10.</summary>
    public double TimestepScaling { get; init; } = 10;

    /// <summary>Flow-match Euler: shift of the noise levels towards 1. Default 1 (none).</summary>
    public double? Shift { get; init; }

    /// <summary>DPM-Solver++ and UniPC: whether noise levels are flow matching's, from 1 to 0. Default: when the network predicts flow.</summary>
    public bool? UseFlowSigmas { get; init; }

    /// <summary>DPM-Solver++ and UniPC under flow noise levels: their shift towards 1. Default 1 (none).</summary>
    public double? FlowShift { get; init; }

    /// <summary>What the network predicts, with flow matching's own default.</summary>
    internal PredictionType Prediction =>
        PredictionType ?? (ClassName == NoiseSchedulerFactory.FlowMatchEulerClass ? NoiseSchedulers.PredictionType.Flow : NoiseSchedulers.PredictionType.Epsilon);

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The text of a <c>scheduler_config.json</c>; Python's <c>-Infinity</c> is understood.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">
    /// Not JSON, a value out of its range, or a field that would change results and is not known or not supported.
    /// </exception>
    public static NoiseSchedulerConfiguration Parse(string json) => NoiseSchedulerConfigurationReader.Read(json);

    /// <summary>Reads a configuration from a file.</summary>
    /// <param name="path">A <c>scheduler_config.json</c>.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">As <see cref="Parse"/>; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NoiseSchedulerConfiguration Load(string path)
    {
        var json = File.ReadAllText(path);
        try
        {
            return Parse(json);
        }
        catch (NoiseSchedulerConfigurationException error)
        {
            throw new NoiseSchedulerConfigurationException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>What the network predicts, for a noise scheduler that cannot follow flow matching.</summary>
    internal PredictionType RequireDiffusion(string name) =>
        Prediction is var prediction && prediction != NoiseSchedulers.PredictionType.Flow
            ? prediction
            : throw new NoiseSchedulerConfigurationException(
                $"{name} cannot follow a network that predicts flow. Accepted: {NoiseSchedulerFactory.FlowNames}.");
}

/// <summary>How the noise variance β grows over the training timesteps.</summary>
public enum BetaSchedule
{
    /// <summary>β runs linearly from its start to its end (<c>linear</c>).</summary>
    Linear,

    /// <summary>√β runs linearly from its start to its end (<c>scaled_linear</c>; Stable Diffusion, Emu Video).</summary>
    ScaledLinear,

    /// <summary>ᾱ follows a squared cosine, β is capped at 0.999 (<c>squaredcos_cap_v2</c>; Nichol and Dhariwal, 2021).</summary>
    SquaredCosine,
}

/// <summary>What the network's output stands for. With x = α·x₀ + σ·ε:</summary>
public enum PredictionType
{
    /// <summary>The noise ε (<c>epsilon</c>).</summary>
    Epsilon,

    /// <summary>The velocity v = α·ε − σ·x₀ (<c>v_prediction</c>; Salimans and Ho, 2022).</summary>
    VPrediction,

    /// <summary>The clean sample x₀ (<c>sample</c>).</summary>
    Sample,

    /// <summary>The flow ε − x₀, for x = (1 − σ)·x₀ + σ·ε (<c>flow_prediction</c>; Lipman et al., 2022).</summary>
    Flow,
}

/// <summary>Which training timesteps are visited (Lin et al., arXiv 2305.08891, table 2).</summary>
public enum TimestepSpacing
{
    /// <summary>From 0 upwards in whole steps, plus an offset; the last training timestep is never visited (<c>leading</c>).</summary>
    Leading,

    /// <summary>From the last training timestep downwards (<c>trailing</c>); zero terminal SNR needs it.</summary>
    Trailing,

    /// <summary>Evenly from the last training timestep to the first, both included (<c>linspace</c>).</summary>
    Linspace,
}

/// <summary>The noise level that the last step ends at.</summary>
public enum FinalSigma
{
    /// <summary>No noise (<c>zero</c>).</summary>
    Zero,

    /// <summary>The smallest noise level of training (<c>sigma_min</c>).</summary>
    SigmaMin,
}

/// <summary>A noise scheduler's configuration cannot be read, or needs something that no noise scheduler here supports.</summary>
public sealed class NoiseSchedulerConfigurationException : FormatException
{
    /// <summary>Creates an exception that names the field and says what is accepted.</summary>
    public NoiseSchedulerConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception that names the field and says what is accepted.</summary>
    public NoiseSchedulerConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
