namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Noise levels for the exponential integrators, DPM-Solver++ and UniPC, which work on x = α·x₀ + σ·ε and in λ = ln(α/σ).
/// </summary>
internal sealed class MultistepPlan
{
    private readonly SigmaPlan _plan;
    private readonly bool _flow;

    private MultistepPlan(SigmaPlan plan, bool flow, PredictionType prediction)
    {
        _plan = plan;
        _flow = flow;
        Prediction = prediction;
    }

    public PredictionType Prediction { get; }

    public int StepCount => _plan.StepCount;

    /// <summary>The timestep passed to the network at each step.</summary>
    public float[] Timesteps => _plan.Timesteps;

    /// <param name="configuration">The configuration.</param>
    /// <param name="steps">Denoising steps.</param>
    /// <param name="sigmaMinFromPlan">Whether, under Karras noise levels, the final one is the plan's smallest rather than training's.</param>
    public static MultistepPlan Create(NoiseSchedulerConfiguration configuration, int steps, bool sigmaMinFromPlan)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        TimestepGrid.CheckSteps(steps, configuration.TrainTimesteps);
        var flow = configuration.UseFlowSigmas ?? configuration.Prediction == PredictionType.Flow;
        if (flow != (configuration.Prediction == PredictionType.Flow))
        {
            throw new NoiseSchedulerConfigurationException(
                "'use_flow_sigmas' and 'prediction_type' flow_prediction go together: a network that predicts flow needs flow's noise levels.");
        }

        return new MultistepPlan(
            flow ? CreateFlowPlan(configuration, steps) : CreateDiffusionPlan(configuration, steps, sigmaMinFromPlan), flow, configuration.Prediction);
    }

    /// <summary>Refuses orders that the solvers do not have.</summary>
    public static void CheckOrder(int order)
    {
        if (order is < 1 or > 3)
        {
            throw new NoiseSchedulerConfigurationException($"'solver_order' is {order}. Accepted: 1, 2, 3.");
        }
    }

    /// <summary>α at the start of a step; at <see cref="StepCount"/>, the end of the last.</summary>
    public double Alpha(int step) => Coordinates(_plan.Sigmas[step]).Alpha;

    /// <summary>σ at the start of a step.</summary>
    public double Sigma(int step) => Coordinates(_plan.Sigmas[step]).Sigma;

    /// <summary>λ = ln(α/σ) at the start of a step; +∞ where no noise is left.</summary>
    public double Lambda(int step) => Math.Log(Alpha(step)) - Math.Log(Sigma(step));

    /// <summary>Noises a clean sample.</summary>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination)
    {
        StepArguments.CheckNoising(clean, noise, destination);
        var (alpha, sigma) = Coordinates(_plan.SigmaAt(timestep));
        LinearCombination.Evaluate(new LinearForm(alpha, sigma), clean, noise, destination);
    }

    private static SigmaPlan CreateDiffusionPlan(NoiseSchedulerConfiguration configuration, int steps, bool sigmaMinFromPlan)
    {
        var trained = AlphaSchedule.Create(configuration).ToSigmas();
        var used = trained.Count(sigma => -Math.Log(sigma) >= configuration.LambdaMinClipped);
        if (used == 0)
        {
            throw new NoiseSchedulerConfigurationException("'lambda_min_clipped' leaves no timestep to visit.");
        }

        var timesteps = TimestepGrid.CreateOpen(
            configuration.TimestepSpacing ?? TimestepSpacing.Linspace, trained.Length, used, steps, configuration.StepsOffset);
        var sigmas = Array.ConvertAll(timesteps, timestep => trained[timestep]);
        if (configuration.UseKarrasSigmas)
        {
            sigmas = SigmaSpacing.Karras(configuration.SigmaMax ?? trained[^1], configuration.SigmaMin ?? trained[0], steps);
            timesteps = Array.ConvertAll(sigmas, sigma => (int)Math.Round(SigmaSpacing.ToTimestep(trained, sigma)));
        }

        var smallest = configuration.UseKarrasSigmas && sigmaMinFromPlan ? sigmas[^1] : trained[0];
        return new SigmaPlan(
            [.. sigmas, configuration.FinalSigma == FinalSigma.SigmaMin ? smallest : 0],
            Array.ConvertAll(timesteps, timestep => (float)timestep),
            timestep => timestep >= 0 && timestep <= trained.Length - 1 ? SigmaSpacing.Interpolate(trained, timestep) : null);
    }

    private static SigmaPlan CreateFlowPlan(NoiseSchedulerConfiguration configuration, int steps)
    {
        if (configuration.UseKarrasSigmas)
        {
            throw new NoiseSchedulerConfigurationException("'use_karras_sigmas' is not supported for a network that predicts flow. Accepted: false.");
        }

        if (configuration.FinalSigma != FinalSigma.Zero)
        {
            throw new NoiseSchedulerConfigurationException("'final_sigmas_type' sigma_min is not supported for a network that predicts flow. Accepted: zero.");
        }

        var count = configuration.TrainTimesteps;
        var shift = configuration.FlowShift ?? configuration.Shift ?? 1;
        var largest = 1 - (1.0 / count);
        double[] sigmas = [.. Enumerable.Range(0, steps).Select(step => SigmaSpacing.ShiftFlow(largest * (steps - step) / steps, shift))];
        return new SigmaPlan(
            [.. sigmas, 0],
            Array.ConvertAll(sigmas, sigma => (float)Math.Floor(sigma * count)),
            timestep => timestep >= 0 && timestep < count ? timestep / count : null);
    }

    private (double Alpha, double Sigma) Coordinates(double sigma) => _flow
        ? (1 - sigma, sigma)
        : (1 / Math.Sqrt((sigma * sigma) + 1), sigma / Math.Sqrt((sigma * sigma) + 1));
}
