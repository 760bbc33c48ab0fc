namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Euler's method on the flow of x = (1 − σ)·x₀ + σ·ε (Lipman et al., arXiv 2210.02747; noise levels shifted as in Esser et
/// al., arXiv 2403.03206).
/// </summary>
public sealed class FlowMatchEulerNoiseScheduler : INoiseScheduler
{
    private readonly SigmaPlan _plan;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>FlowMatchEulerDiscreteScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The network does not predict flow.</exception>
    public FlowMatchEulerNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        TimestepGrid.CheckSteps(steps, configuration.TrainTimesteps);
        if (configuration.Prediction != PredictionType.Flow)
        {
            throw new NoiseSchedulerConfigurationException(
                "Flow-match Euler needs a network that predicts flow ('prediction_type' flow_prediction).");
        }

        var count = configuration.TrainTimesteps;
        var shift = configuration.Shift ?? configuration.FlowShift ?? 1;

        // diffusers shifts the ends of the range first and then every level in it, so the smallest is shifted twice.
        var smallest = SigmaSpacing.ShiftFlow(1.0 / count, shift);
        var sigmas = new double[steps + 1];
        for (var step = 0; step < steps; step++)
        {
            var position = steps == 1 ? 0 : (double)step / (steps - 1);
            sigmas[step] = SigmaSpacing.ShiftFlow(1 + (position * (smallest - 1)), shift);
        }

        _plan = new SigmaPlan(
            sigmas,
            Array.ConvertAll(sigmas[..steps], sigma => (float)(sigma * count)),
            timestep => timestep >= 0 && timestep <= count ? timestep / count : null);
    }

    /// <inheritdoc/>
    public int StepCount => _plan.StepCount;

    /// <inheritdoc/>
    public float InitialNoiseScale => 1;

    /// <inheritdoc/>
    public float GetTimestep(int step) => _plan.Timesteps[step];

    /// <inheritdoc/>
    public float GetModelInputScale(int step) => 1;

    /// <inheritdoc/>
    public bool DrawsNoise(int step) => false;

    /// <inheritdoc/>
    public NoiseSchedulerState CreateState(int elementCount) => NoiseSchedulerState.Empty();

    /// <inheritdoc/>
    public void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state)
    {
        StepArguments.Check(this, step, modelOutput, sample, noise);
        LinearCombination.Add(sample, modelOutput, _plan.Sigmas[step + 1] - _plan.Sigmas[step]);
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination)
    {
        StepArguments.CheckNoising(clean, noise, destination);
        var sigma = _plan.SigmaAt(timestep);
        LinearCombination.Evaluate(new LinearForm(1 - sigma, sigma), clean, noise, destination);
    }
}
