namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Denoising diffusion implicit models (Song, Meng, Ermon, arXiv 2010.02502, equation 12 with η = 0): deterministic, one
/// evaluation a step.
/// </summary>
public sealed class DdimNoiseScheduler : INoiseScheduler
{
    private readonly AlphaPlan plan;
    private readonly DenoisingMove[] moves;
    private readonly float? clip;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>DDIMScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public DdimNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        plan = AlphaPlan.Create(configuration, steps, "DDIM", setAlphaToOne: true);
        moves = Array.ConvertAll(plan.Timesteps, timestep => plan.Transfer(timestep, timestep - plan.Stride));

        // Clipping concerns the clean sample only: the noise stays the network's own.
        clip = configuration.ClipSample ?? true ? (float)configuration.ClipSampleRange : null;
    }

    /// <inheritdoc/>
    public int StepCount => moves.Length;

    /// <inheritdoc/>
    public float InitialNoiseScale => 1;

    /// <inheritdoc/>
    public float GetTimestep(int step) => plan.Timesteps[step];

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
        moves[step].Apply(sample, modelOutput, noise, clip);
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination) =>
        plan.Alphas.AddNoise(clean, noise, timestep, destination);
}
