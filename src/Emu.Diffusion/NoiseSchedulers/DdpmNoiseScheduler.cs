namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Denoising diffusion probabilistic models (Ho, Jain, Abbeel, arXiv 2006.11239, equations 6 and 7): the posterior's mean plus
/// fresh noise, one evaluation a step.
/// </summary>
public sealed class DdpmNoiseScheduler : INoiseScheduler
{
    private const double SmallestVariance = 1e-20;

    private readonly AlphaPlan _plan;
    private readonly DenoisingMove[] _moves;
    private readonly float? _clip;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>DDPMScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public DdpmNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        _plan = AlphaPlan.Create(configuration with { SetAlphaToOne = true }, steps, "DDPM", setAlphaToOne: true);
        var large = IsLarge(configuration.VarianceType);
        _moves = Array.ConvertAll(_plan.Timesteps, timestep => CreateMove(timestep, large));
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
        _plan.Alphas.AddNoise(clean, noise, timestep, destination);

    private static bool IsLarge(string? varianceType) => varianceType switch
    {
        null or "fixed_small" or "fixed_small_log" => false,
        "fixed_large" => true,
        _ => throw new NoiseSchedulerConfigurationException(
            $"'variance_type' is '{varianceType}', which DDPM does not support. Accepted: fixed_small, fixed_small_log, fixed_large."),
    };

    private DenoisingMove CreateMove(int timestep, bool large)
    {
        var alphaBar = _plan.AlphaAt(timestep);
        var alphaBarBefore = _plan.AlphaAt(timestep - _plan.Stride);
        var alpha = alphaBar / alphaBarBefore;
        var beta = 1 - alpha;
        var cleanWeight = Math.Sqrt(alphaBarBefore) * beta / (1 - alphaBar);
        var sampleWeight = Math.Sqrt(alpha) * (1 - alphaBarBefore) / (1 - alphaBar);
        var variance = large ? beta : Math.Max((1 - alphaBarBefore) / (1 - alphaBar) * beta, SmallestVariance);
        return new DenoisingMove(
            new LinearForm(sampleWeight, 0), _plan.Clean(timestep), cleanWeight, timestep > 0 ? Math.Sqrt(variance) : 0);
    }
}
