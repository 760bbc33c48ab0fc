namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Latent consistency models (Luo et al., arXiv 2310.04378, algorithm 3): every step predicts the clean sample under the
/// boundary condition of consistency models and noises it to the next timestep.
/// </summary>
public sealed class LcmNoiseScheduler : INoiseScheduler
{
    private const double SigmaData = 0.5;

    private readonly AlphaSchedule _alphas;
    private readonly int[] _timesteps;
    private readonly DenoisingMove[] _moves;
    private readonly float? _clip;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>LCMScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to <see cref="NoiseSchedulerConfiguration.OriginalInferenceSteps"/>.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public LcmNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        TimestepGrid.CheckSteps(steps, configuration.TrainTimesteps);
        var prediction = configuration.RequireDiffusion("LCM");
        _alphas = AlphaSchedule.Create(configuration with
        {
            BetaStart = configuration.BetaStart ?? 0.00085,
            BetaEnd = configuration.BetaEnd ?? 0.012,
            BetaSchedule = configuration.BetaSchedule ?? BetaSchedule.ScaledLinear,
        });
        _timesteps = CreateTimesteps(_alphas.Count, configuration.OriginalInferenceSteps, steps);
        _alphas.RequireSignal(prediction, _timesteps);
        _clip = configuration.ClipSample ?? false ? (float)configuration.ClipSampleRange : null;
        _moves = new DenoisingMove[steps];
        for (var step = 0; step < steps; step++)
        {
            var alphaNext = step < steps - 1 ? _alphas[_timesteps[step + 1]] : 1;
            _moves[step] = CreateMove(prediction, _timesteps[step], alphaNext, configuration.TimestepScaling);
        }
    }

    /// <inheritdoc/>
    public int StepCount => _moves.Length;

    /// <inheritdoc/>
    public float InitialNoiseScale => 1;

    /// <inheritdoc/>
    public float GetTimestep(int step) => _timesteps[step];

    /// <inheritdoc/>
    public float GetModelInputScale(int step) => 1;

    /// <inheritdoc/>
    public bool DrawsNoise(int step) => _moves[step].NoiseWeight != 0;

    /// <inheritdoc/>
    public NoiseSchedulerState CreateState(int elementCount) => NoiseSchedulerState.Empty();

    /// <inheritdoc/>
    public void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state)
    {
        StepArguments.Check(this, step, modelOutput, sample, noise);
        _moves[step].Apply(sample, modelOutput, noise, _clip);
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination) =>
        _alphas.AddNoise(clean, noise, timestep, destination);

    /// <summary>Evenly chosen from the timesteps that the model was distilled on, from the last.</summary>
    private static int[] CreateTimesteps(int trainTimesteps, int originalSteps, int steps)
    {
        if (originalSteps > trainTimesteps)
        {
            throw new NoiseSchedulerConfigurationException(
                $"'original_inference_steps' is {originalSteps}. Accepted: up to 'num_train_timesteps', {trainTimesteps}.");
        }

        if (steps > originalSteps)
        {
            throw new NoiseSchedulerConfigurationException(
                $"LCM cannot take {steps} steps. Accepted: 1 to 'original_inference_steps', {originalSteps}.");
        }

        var stride = trainTimesteps / originalSteps;
        return [.. Enumerable.Range(0, steps).Select(step => ((originalSteps - (step * originalSteps / steps)) * stride) - 1)];
    }

    private DenoisingMove CreateMove(PredictionType prediction, int timestep, double alphaNext, double timestepScaling)
    {
        var scaled = timestep * timestepScaling;
        var skipWeight = SigmaData * SigmaData / ((scaled * scaled) + (SigmaData * SigmaData));
        var outWeight = scaled / Math.Sqrt((scaled * scaled) + (SigmaData * SigmaData));
        var clean = Prediction.Clean(prediction, Math.Sqrt(_alphas[timestep]), Math.Sqrt(1 - _alphas[timestep]));
        var root = Math.Sqrt(alphaNext);
        return new DenoisingMove(new LinearForm(root * skipWeight, 0), clean, root * outWeight, Math.Sqrt(1 - alphaNext));
    }
}
