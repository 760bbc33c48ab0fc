namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Denoising diffusion implicit models (Song, Meng, Ermon, arXiv 2010.02502, equation 12 with η = 0): deterministic, one
/// evaluation a step.
/// </summary>
public sealed class DdimNoiseScheduler : INoiseScheduler
{
    private readonly AlphaPlan _plan;
    private readonly DenoisingMove[] _moves;
    private readonly float? _clip;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>DDIMScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public DdimNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        _plan = AlphaPlan.Create(configuration, steps, "DDIM", setAlphaToOne: true);
        _moves = Array.ConvertAll(_plan.Timesteps, timestep => _plan.Transfer(timestep, timestep - _plan.Stride));

        // Clipping concerns the clean sample only: the noise stays the network's own.
        _clip = configuration.ClipSample ?? true ? (float)configuration.ClipSampleRange : null;
    }

    /// <inheritdoc/>
    public int StepCount => _moves.Length;

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
        _moves[step].Apply(sample, modelOutput, noise, _clip);
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination) =>
        _plan.Alphas.AddNoise(clean, noise, timestep, destination);
}
