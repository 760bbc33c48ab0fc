namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Euler's method on x = x₀ + σ·ε (Karras et al., arXiv 2206.00364, algorithm 1 without churn), and its ancestral variant, which
/// steps further down and adds fresh noise (k-diffusion's <c>sample_euler_ancestral</c>).
/// </summary>
public sealed class EulerNoiseScheduler : INoiseScheduler
{
    private readonly SigmaPlan _plan;
    private readonly DenoisingMove[] _moves;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">
    /// The configuration; defaults as diffusers' <c>EulerDiscreteScheduler</c> and <c>EulerAncestralDiscreteScheduler</c>. The
    /// ancestral variant knows neither Karras noise levels nor continuous timesteps nor a final noise level, as there.
    /// </param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <param name="ancestral">Whether fresh noise is added at every step.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public EulerNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps, bool ancestral = false)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        TimestepGrid.CheckSteps(steps, configuration.TrainTimesteps);
        var prediction = configuration.RequireDiffusion(ancestral ? "Euler ancestral" : "Euler");
        var spacing = configuration.TimestepSpacing ?? TimestepSpacing.Linspace;
        _plan = CreatePlan(
            ancestral ? configuration with { UseKarrasSigmas = false, ContinuousTimesteps = false, FinalSigma = FinalSigma.Zero } : configuration,
            spacing,
            steps);
        _moves = new DenoisingMove[steps];
        for (var step = 0; step < steps; step++)
        {
            _moves[step] = CreateMove(prediction, _plan.Sigmas[step], _plan.Sigmas[step + 1], ancestral);
        }

        var largest = _plan.Sigmas[0];
        InitialNoiseScale = (float)(spacing == TimestepSpacing.Leading ? Math.Sqrt((largest * largest) + 1) : largest);
    }

    /// <inheritdoc/>
    public int StepCount => _moves.Length;

    /// <inheritdoc/>
    public float InitialNoiseScale { get; }

    /// <inheritdoc/>
    public float GetTimestep(int step) => _plan.Timesteps[step];

    /// <inheritdoc/>
    public float GetModelInputScale(int step) => (float)InputScale(_plan.Sigmas[step]);

    /// <inheritdoc/>
    public bool DrawsNoise(int step) => _moves[step].NoiseWeight != 0;

    /// <inheritdoc/>
    public NoiseSchedulerState CreateState(int elementCount) => NoiseSchedulerState.Empty();

    /// <inheritdoc/>
    public void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state)
    {
        StepArguments.Check(this, step, modelOutput, sample, noise);
        _moves[step].Apply(sample, modelOutput, noise, clip: null);
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination)
    {
        StepArguments.CheckNoising(clean, noise, destination);
        LinearCombination.Evaluate(new LinearForm(1, _plan.SigmaAt(timestep)), clean, noise, destination);
    }

    /// <summary>Brings x = x₀ + σ·ε to the unit variance that the network was trained on.</summary>
    private static double InputScale(double sigma) => 1 / Math.Sqrt((sigma * sigma) + 1);

    private static DenoisingMove CreateMove(PredictionType prediction, double sigma, double sigmaNext, bool ancestral)
    {
        var scale = InputScale(sigma);
        var scaled = Prediction.Clean(prediction, scale, sigma * scale);
        var clean = scaled with { Sample = scaled.Sample * scale };
        var sigmaDown = ancestral ? sigmaNext * sigmaNext / sigma : sigmaNext;
        var sigmaUp = Math.Sqrt(Math.Max((sigmaNext * sigmaNext) - (sigmaDown * sigmaDown), 0));
        var ratio = sigmaDown / sigma;
        return new DenoisingMove(new LinearForm(ratio, 0), clean, 1 - ratio, ancestral ? sigmaUp : 0);
    }

    private static SigmaPlan CreatePlan(NoiseSchedulerConfiguration configuration, TimestepSpacing spacing, int steps)
    {
        var trained = AlphaSchedule.Create(configuration).ToSigmas();
        var timesteps = spacing == TimestepSpacing.Linspace
            ? [.. Enumerable.Range(0, steps).Select(step => TimestepGrid.Linspace(trained.Length, steps, step))]
            : Array.ConvertAll(TimestepGrid.Create(spacing, trained.Length, steps, configuration.StepsOffset), timestep => (double)timestep);
        var sigmas = Array.ConvertAll(timesteps, timestep => SigmaSpacing.Interpolate(trained, timestep));
        if (configuration.UseKarrasSigmas)
        {
            sigmas = SigmaSpacing.Karras(configuration.SigmaMax ?? sigmas[0], configuration.SigmaMin ?? sigmas[^1], steps);
            timesteps = Array.ConvertAll(sigmas, sigma => SigmaSpacing.ToTimestep(trained, sigma));
        }

        var continuous = configuration.ContinuousTimesteps && configuration.Prediction == PredictionType.VPrediction;
        if (continuous)
        {
            timesteps = Array.ConvertAll(sigmas, sigma => 0.25 * Math.Log(sigma));
        }

        return new SigmaPlan(
            [.. sigmas, configuration.FinalSigma == FinalSigma.SigmaMin ? trained[0] : 0],
            Array.ConvertAll(timesteps, timestep => (float)timestep),
            continuous
                ? timestep => Math.Exp(4 * timestep)
                : timestep => timestep >= 0 && timestep <= trained.Length - 1 ? SigmaSpacing.Interpolate(trained, timestep) : null);
    }
}
